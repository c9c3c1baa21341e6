//! Two gateways that count in one Redis, by its clock.

use super::*;
use crate::shared_store::{Question, SharedStore};

/// Of one class, as a gateway has it. The week of its window makes the count exact by any clock: one request comes back
/// in 100 minutes.
fn gateway(class: &Arc<LimitClass>, store: &SharedStore) -> Limits {
    let classes = std::slice::from_ref(class);
    Limits::shared(classes, &Clock::system(), 1_000, store.clone())
}

const WEEK: u64 = 7 * 24 * 3_600;

#[tokio::test]
async fn of_120_requests_spread_over_two_gateways_exactly_100_pass() {
    let Some((redis, store)) = test_store::lent().await else {
        return;
    };
    let other = test_store::of(&redis).await;
    for name in ["address", "daily"] {
        let class = class(name, 100, WEEK);
        let gateways = [gateway(&class, &store), gateway(&class, &other)];
        let limit = limit(&class, RedisAway::Closed);
        let mut passed = [0, 0];
        for number in 0..120 {
            let decision = gateways[number % 2].count(&limit, &address(1)).await;
            let decision = decision.expect("Redis answers");
            assert_eq!(decision.allowed, number < 100, "{name} {number}");
            passed[number % 2] += u32::from(decision.allowed);
        }
        assert_eq!(passed, [50, 50], "{name}");
        let other = gateways[1].count(&limit, &address(2)).await;
        assert_eq!(other.expect("Redis answers").remaining, 99, "{name}");
    }
}

/// Redis' clock may be set back; here by an hour.
#[tokio::test]
async fn a_clock_that_is_set_back_costs_nobody_more_than_one_window() {
    for (name, reset) in [("search", 6), ("daily", 60)] {
        for bench in Bench::each(name, 10, 60).await.split_off(1) {
            assert_eq!(bench.burst(&address(1)).await, 10);
            let earlier = Clock::manual(NOW.minus(Duration::from_secs(3_600)));
            let (_, store) = bench.redis.as_ref().expect("the second bench has one");
            let classes = [Arc::clone(&bench.limit.class)];
            let limits = Limits::shared(&classes, &earlier, 1_000, store.clone());
            let refused = limits.count(&bench.limit, &address(1)).await;
            let refused = refused.expect("Redis answers");
            assert_eq!((refused.allowed, refused.reset), (false, reset), "{name}");
        }
    }
}

#[tokio::test]
async fn redis_keeps_a_count_for_as_long_as_it_has_an_effect_and_no_address_or_name_in_the_clear() {
    let Some((_redis, store)) = test_store::lent().await else {
        return;
    };
    let classes = [class("address", 100, WEEK), class("daily", 1_000, 86_400)];
    let limits = Limits::shared(&classes, &Clock::system(), 1_000, store.clone());
    let each = classes
        .each_ref()
        .map(|class| limit(class, RedisAway::Closed));
    for key in [address(0xcb00_7109), Key::subject("alice")] {
        let counted = limits.count_each(&each, &key).await;
        counted.expect("Redis answers");
    }
    let mut all = redis::cmd("KEYS");
    let keys: Vec<String> = store
        .query(Question::Pulse, all.arg("escale:limit:*"))
        .await
        .expect("Redis answers");
    assert_eq!(keys.len(), 4, "{keys:?}");
    for key in keys {
        assert!(
            !key.contains("203.0.113.9") && !key.contains("alice"),
            "{key}"
        );
        let mut left = redis::cmd("PTTL");
        let left: i64 = store
            .query(Question::Pulse, left.arg(&key))
            .await
            .expect("Redis answers");
        // A window, and the time in which one request comes back.
        let most = match key.contains("daily") {
            true => 86_400_000,
            false => 6_048_000,
        };
        // This test may take a minute.
        assert!((most - 60_000..=most).contains(&left), "{key} {left}");
    }
}
