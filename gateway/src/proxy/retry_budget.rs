//! How often requests to one service may be repeated: retries help against a hiccup, and turn an outage into a storm.
//!
//! A token bucket: each request puts a part of a token in, each retry takes a whole one out. So retries stay below a
//! share of all requests whatever the clients do, but for a small reserve that serves when little is going on.

use std::sync::atomic::{AtomicU32, Ordering};

use metrics::Gauge;

use crate::metrics::UPSTREAM_RETRY_BUDGET;

/// Retries that the full bucket holds.
const RESERVE: u32 = 10;
/// Parts of a token: a request at 1 % puts one in.
const TOKEN: u32 = 100;

#[derive(Debug)]
pub(super) struct RetryBudget {
    percent: u32,
    parts: AtomicU32,
    shown: Gauge,
}

impl RetryBudget {
    pub(super) fn new(service: &'static str, percent: u32) -> Self {
        let parts = if percent == 0 { 0 } else { RESERVE * TOKEN };
        let budget = Self {
            percent,
            parts: AtomicU32::new(parts),
            shown: metrics::gauge!(UPSTREAM_RETRY_BUDGET, "service" => service),
        };
        budget.show(parts);
        budget
    }

    /// For each request that is not itself a retry.
    pub(super) fn deposit(&self) {
        // Nearly always the bucket is full, and nothing is written.
        let fill = |parts: u32| {
            let filled = (parts + self.percent).min(RESERVE * TOKEN);
            (filled != parts).then_some(filled)
        };
        if let Ok(parts) = self
            .parts
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, fill)
        {
            self.show((parts + self.percent).min(RESERVE * TOKEN));
        }
    }

    /// Whether one retry may be made.
    pub(super) fn withdraw(&self) -> bool {
        let take = |parts: u32| parts.checked_sub(TOKEN);
        match self
            .parts
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
        {
            Ok(parts) => {
                self.show(parts - TOKEN);
                true
            }
            Err(_) => false,
        }
    }

    fn show(&self, parts: u32) {
        self.shown.set(f64::from(parts) / f64::from(TOKEN));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retries(budget: &RetryBudget, requests: usize) -> usize {
        let ask = |_: &usize| {
            budget.deposit();
            budget.withdraw()
        };
        (0..requests).filter(ask).count()
    }

    #[test]
    fn retries_stay_below_their_share_of_all_requests() {
        let budget = RetryBudget::new("catalog", 20);
        let first = retries(&budget, 1_000);
        assert!(first <= 200 + RESERVE as usize, "{first}");
        let second = retries(&budget, 1_000);
        assert!((199..=200).contains(&second), "{second}");
    }

    #[test]
    fn a_quiet_service_has_a_reserve_and_no_more() {
        let budget = RetryBudget::new("catalog", 20);
        (0..1_000).for_each(|_| budget.deposit());
        assert_eq!((0..100).filter(|_| budget.withdraw()).count(), 10);
    }

    #[test]
    fn a_share_of_nothing_repeats_nothing() {
        assert_eq!(retries(&RetryBudget::new("catalog", 0), 1_000), 0);
    }
}
