//! How many refusals are recorded. A stranger can cause as many as he likes: what he may fill is bounded, and what is
//! left out is counted, told in the log itself, and still has its line in the access log. What the platform notes by itself
//! (bans, which cost a stranger many refusals each) has a share of its own.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::event::{Event, Stage};

/// Of each kind. At 700 bytes a record, two gigabytes a day at the very most.
pub(super) const RECORDS_A_MINUTE: u64 = 1_000;

#[derive(Debug, Default)]
pub(super) struct RefusalBudget {
    refusals: Mutex<Window>,
    notes: Mutex<Window>,
    missed: AtomicU64,
}

#[derive(Debug, Default)]
struct Window {
    minute: i64,
    used: u64,
}

impl RefusalBudget {
    pub fn allows(&self, event: &Event) -> bool {
        let window = match event.stage {
            Stage::Note => &self.notes,
            Stage::Before | Stage::After | Stage::Refused => &self.refusals,
        };
        let minute = event.at.0.div_euclid(60_000);
        let mut window = window.lock().expect("no panic while locked");
        if window.minute != minute {
            *window = Window { minute, used: 0 };
        }
        window.used += 1;
        window.used <= RECORDS_A_MINUTE
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
    use crate::clock::Timestamp;

    #[test]
    fn a_flood_of_refusals_fills_its_minute_and_no_more() {
        let budget = RefusalBudget::default();
        let allowed = |stage, at| {
            let event = Event::new(Timestamp(at), "x", stage);
            (0..5_000).filter(|_| budget.allows(&event)).count() as u64
        };
        assert_eq!(allowed(Stage::Refused, 59_999), RECORDS_A_MINUTE);
        assert_eq!(allowed(Stage::Refused, 60_000), RECORDS_A_MINUTE);
        assert_eq!(allowed(Stage::Refused, 119_999), 0);
        assert_eq!(
            allowed(Stage::Note, 119_999),
            RECORDS_A_MINUTE,
            "not hidden by them"
        );
    }
}
