//! When a signing key is published, when it signs, when it goes.
//!
//! A key is published a day before it signs, so that every gateway has fetched it by then; it signs until its successor
//! does; it stays published until the last token that it signed is dead.

use std::time::Duration;

use service_kit::clock::Timestamp;

use super::access_token;

/// How long a key signs.
pub const SIGNS_FOR: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long a key is known before it signs: many times the life of a cached JWKS.
pub const PUBLISHED_AHEAD: Duration = Duration::from_secs(24 * 3600);

/// More than the clocks of our machines and of the gateways differ.
const SLACK: Duration = Duration::from_secs(3600);

/// The place in `starts` of the key that signs: the last that has begun. `starts` are the keys' first moments of
/// signing, in order. `None` only where there is no key.
pub fn signer(starts: &[Timestamp], now: Timestamp) -> Option<usize> {
    starts.iter().rposition(|start| *start <= now)
}

/// When the next key shall begin to sign; `None` when it is too early to make one.
pub fn next_start(starts: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
    let Some(last) = starts.last() else {
        // The very first key: nobody can know it beforehand, and nothing can be signed without it.
        return Some(now);
    };
    let earliest = now.plus(PUBLISHED_AHEAD);
    let planned = last.plus(SIGNS_FOR);
    // After a long stop `planned` is past; the old key then signs on until the new one has been published a day.
    (planned <= earliest).then_some(earliest.max(planned))
}

/// The places of the keys whose last token is dead.
pub fn dead(starts: &[Timestamp], now: Timestamp) -> impl Iterator<Item = usize> {
    starts
        .windows(2)
        .enumerate()
        .filter_map(move |(place, pair)| {
            let last_token_dies = pair[1].plus(access_token::LIFE).plus(SLACK);
            (last_token_dies <= now).then_some(place)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 3600 * 1000;

    fn days(days: &[i64]) -> Vec<Timestamp> {
        days.iter().map(|day| Timestamp(day * DAY)).collect()
    }

    #[test]
    fn the_first_key_signs_at_once_and_the_next_is_made_a_day_before_it_signs() {
        assert_eq!(next_start(&[], Timestamp(5)), Some(Timestamp(5)));
        assert_eq!(next_start(&days(&[0]), Timestamp(29 * DAY - 1)), None);
        assert_eq!(
            next_start(&days(&[0]), Timestamp(29 * DAY)),
            Some(Timestamp(30 * DAY))
        );
        assert_eq!(next_start(&days(&[0, 30]), Timestamp(29 * DAY)), None);
        assert_eq!(
            next_start(&days(&[0]), Timestamp(50 * DAY)),
            Some(Timestamp(51 * DAY))
        );
    }

    #[test]
    fn a_key_signs_from_its_start_until_the_next_ones() {
        let starts = days(&[0, 30]);
        assert_eq!(signer(&starts, Timestamp(30 * DAY - 1)), Some(0));
        assert_eq!(signer(&starts, Timestamp(30 * DAY)), Some(1));
        assert_eq!(signer(&[], Timestamp(0)), None);
    }

    #[test]
    fn a_key_outlives_its_last_token_and_the_last_key_never_dies() {
        let starts = days(&[0, 30]);
        let last_token_dies = Timestamp(30 * DAY).plus(access_token::LIFE);
        assert_eq!(dead(&starts, last_token_dies).count(), 0);
        assert_eq!(
            dead(&starts, last_token_dies.plus(SLACK)).collect::<Vec<_>>(),
            [0]
        );
        assert_eq!(dead(&starts, Timestamp(900 * DAY)).collect::<Vec<_>>(), [0]);
    }
}
