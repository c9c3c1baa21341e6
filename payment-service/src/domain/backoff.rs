//! How long to wait before a step is tried again.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(60);

/// The pause after `attempts` attempts without an answer. The first retry goes at once: most lost answers are a
/// connection that has died. Then the pause doubles up to a minute; half of it is random (`random` is any number),
/// so that payments that failed together do not come back together.
pub fn pause(attempts: u32, random: u32) -> Duration {
    if attempts <= 1 {
        return Duration::ZERO;
    }
    let doublings = (attempts - 2).min(16);
    let whole = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let half = whole / 2;
    half + half.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_retry_is_at_once_and_later_pauses_double_within_bounds() {
        assert_eq!(pause(1, u32::MAX), Duration::ZERO);
        for attempts in 2..200 {
            let (least, most) = (pause(attempts, 0), pause(attempts, u32::MAX));
            assert!(least * 2 == most, "half of the pause is random");
            assert!(most <= LONGEST);
            assert!(pause(attempts + 1, 0) >= least);
        }
        assert_eq!(pause(2, u32::MAX), FIRST);
        assert_eq!(pause(u32::MAX, u32::MAX), LONGEST);
    }
}
