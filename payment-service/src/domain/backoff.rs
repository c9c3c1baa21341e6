//! How long to wait before a step is tried again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const SOON: Duration = Duration::from_secs(2);
const LONGEST: Duration = Duration::from_secs(60);

/// No pause is longer than this part of the time that the step has waited already.
const PART: u32 = 10;

/// The pause after `attempts` attempts without an answer, of a step that was written `waited` ago. The first retry goes
/// at once: most lost answers are a connection that has died. Then the pause doubles; half of it is random (`random` is
/// any number), so that payments that failed together do not come back together.
///
/// It is never longer than a tenth of what the step has waited, two seconds at the least, a minute at the most: a peer
/// that was away for half a minute, because it was started again, is asked at most three seconds after it is back; one
/// that is away for an hour is asked once a minute.
pub fn pause(attempts: u32, waited: Duration, random: u32) -> Duration {
    if attempts <= 1 {
        return Duration::ZERO;
    }
    let doublings = (attempts - 2).min(16);
    let longest = (waited / PART).clamp(SOON, LONGEST);
    let whole = FIRST.saturating_mul(1 << doublings).min(longest);
    let half = whole / 2;
    half + half.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AN_HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn the_first_retry_is_at_once_and_later_pauses_double_within_bounds() {
        assert_eq!(pause(1, AN_HOUR, u32::MAX), Duration::ZERO);
        for attempts in 2..200 {
            let of = |random| pause(attempts, AN_HOUR, random);
            let (least, most) = (of(0), of(u32::MAX));
            assert!(least * 2 == most, "half of the pause is random");
            assert!(most <= LONGEST);
            assert!(pause(attempts + 1, AN_HOUR, 0) >= least);
        }
        assert_eq!(pause(2, AN_HOUR, u32::MAX), FIRST);
        assert_eq!(pause(u32::MAX, AN_HOUR, u32::MAX), LONGEST);
    }

    #[test]
    fn however_often_it_was_tried_nobody_waits_much_longer_than_he_has_waited_already() {
        for seconds in 0..3_600 {
            let waited = Duration::from_secs(seconds);
            let longest = pause(u32::MAX, waited, u32::MAX);
            assert!(
                longest <= SOON.max(waited / 10),
                "{longest:?} after {waited:?}"
            );
        }
    }
}
