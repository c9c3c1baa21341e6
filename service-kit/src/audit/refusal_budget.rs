//! How many refusals are recorded. A stranger can cause as many as he likes: what he may fill is bounded, and what is
//! left out is counted, told in the log itself, and still has its line in the access log.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::Timestamp;

/// At 700 bytes a record, one gigabyte a day at the very most.
pub(super) const REFUSALS_A_MINUTE: u64 = 1_000;

#[derive(Debug, Default)]
pub(super) struct RefusalBudget {
    window: Mutex<Window>,
    missed: AtomicU64,
}

#[derive(Debug, Default)]
struct Window {
    minute: i64,
    used: u64,
}

impl RefusalBudget {
    pub fn allows(&self, now: Timestamp) -> bool {
        let minute = now.0.div_euclid(60_000);
        let mut window = self.window.lock().expect("no panic while locked");
        if window.minute != minute {
            *window = Window { minute, used: 0 };
        }
        window.used += 1;
        window.used <= REFUSALS_A_MINUTE
    }

    /// So many records were not, or will not be, written.
    pub fn miss(&self, records: u64) {
        metrics::counter!("audit_missed_total").increment(records);
        self.missed.fetch_add(records, Ordering::Relaxed);
    }

    /// How many since it was last asked.
    pub fn take_missed(&self) -> u64 {
        self.missed.swap(0, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_refusals_fills_its_minute_and_no_more() {
        let budget = RefusalBudget::default();
        let allowed = |at| (0..5_000).filter(|_| budget.allows(Timestamp(at))).count() as u64;
        assert_eq!(allowed(59_999), REFUSALS_A_MINUTE);
        assert_eq!(allowed(60_000), REFUSALS_A_MINUTE);
        assert_eq!(allowed(119_999), 0);
    }
}
