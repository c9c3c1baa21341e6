//! What the limiters promise, in one process and in Redis alike, under a clock that the test moves.

mod away;
mod together;

use std::num::NonZeroU32;

use escale_engines::Redis;
use service_kit::clock::Timestamp;

use super::*;
use crate::test_store;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn class(name: &str, requests: u32, seconds: u64) -> Arc<LimitClass> {
    Arc::new(LimitClass {
        name: name.into(),
        requests: NonZeroU32::new(requests).expect("not zero"),
        window: Duration::from_secs(seconds),
    })
}

fn limit(class: &Arc<LimitClass>, redis_away: RedisAway) -> RouteLimit {
    RouteLimit {
        class: Arc::clone(class),
        redis_away,
    }
}

/// One class, its limiter, and the clock's hands.
struct Bench {
    clock: Clock,
    limit: RouteLimit,
    limits: Limits,
    /// Where it counts, if that is not this process.
    redis: Option<(Redis, SharedStore)>,
}

impl Bench {
    fn with_room(name: &str, requests: u32, seconds: u64, most_keys: usize) -> Self {
        let (clock, class) = (Clock::manual(NOW), class(name, requests, seconds));
        Self {
            limit: limit(&class, RedisAway::Closed),
            limits: Limits::in_process(&[class], &clock, most_keys),
            clock,
            redis: None,
        }
    }

    /// The same class in this process and, where there is a Redis, in that.
    async fn each(name: &str, requests: u32, seconds: u64) -> Vec<Self> {
        let mut benches = vec![Self::with_room(name, requests, seconds, 100_000)];
        if let Some((redis, store)) = test_store::lent().await {
            let (clock, class) = (Clock::manual(NOW), class(name, requests, seconds));
            benches.push(Self {
                limit: limit(&class, RedisAway::Closed),
                limits: Limits::shared(&[class], &clock, 100_000, store.clone()),
                clock,
                redis: Some((redis, store)),
            });
        }
        benches
    }

    async fn count(&self, key: &Key) -> Decision {
        let decision = self.limits.count(&self.limit, key).await;
        decision.expect("the class has a limiter")
    }

    /// How many requests in a row pass.
    async fn burst(&self, key: &Key) -> u32 {
        let mut passed = 0;
        while passed < 2_000 && self.count(key).await.allowed {
            passed += 1;
        }
        passed
    }

    fn keys(&self) -> usize {
        self.limits.0.classes[0].limiter.sweep()
    }
}

fn address(number: u32) -> Key {
    Key::address(std::net::Ipv4Addr::from_bits(number).into())
}

#[tokio::test]
async fn exactly_the_allowance_passes_in_a_burst_and_comes_back_bit_by_bit() {
    for bench in Bench::each("address", 100, 60).await {
        let key = address(1);
        for left in (0..100).rev() {
            let decision = bench.count(&key).await;
            assert_eq!((decision.allowed, decision.remaining), (true, left));
            assert_eq!(decision.reset, 1, "0.6 seconds, rounded up");
        }
        let refused = bench.count(&key).await;
        assert_eq!(
            (refused.allowed, refused.remaining, refused.reset),
            (false, 0, 1)
        );
        bench.clock.advance(Duration::from_millis(599));
        assert!(!bench.count(&key).await.allowed);
        bench.clock.advance(Duration::from_millis(1));
        assert_eq!(bench.burst(&key).await, 1);
        // However long nobody came.
        bench.clock.advance(Duration::from_secs(3_600));
        assert_eq!(bench.burst(&key).await, 100);
    }
}

#[tokio::test]
async fn who_waits_as_long_as_he_was_told_passes() {
    for (name, requests, seconds) in [
        ("address", 100, 60),
        ("search", 10, 60),
        ("search", 7, 61),
        ("daily", 3, 86_400),
    ] {
        for bench in Bench::each(name, requests, seconds).await {
            let key = address(1);
            assert_eq!(bench.burst(&key).await, requests);
            let wait = bench.count(&key).await.reset;
            assert!((1..=seconds).contains(&wait), "{name} {wait}");
            bench.clock.advance(Duration::from_secs(wait));
            assert!(bench.count(&key).await.allowed, "{name} after {wait} s");
        }
    }
}

/// Proves: L8
#[tokio::test]
async fn a_daily_quota_is_a_fixed_window_from_the_first_request_on() {
    for bench in Bench::each("daily", 1_000, 86_400).await {
        let key = Key::subject("alice");
        for hour in 0..2 {
            let decision = bench.count(&key).await;
            let expected = (999 - hour, (24 - u64::from(hour)) * 3_600);
            assert_eq!((decision.remaining, decision.reset), expected);
            bench.clock.advance(Duration::from_secs(3_600));
        }
        assert_eq!(bench.burst(&key).await, 998);
        let mut passed_later = 0;
        for hour in 3..24 {
            bench.clock.advance(Duration::from_secs(3_600));
            passed_later += bench.burst(&key).await;
            assert_eq!(bench.count(&key).await.reset, (24 - hour) * 3_600);
        }
        assert_eq!(passed_later, 0, "GCRA would have let hundreds more pass");
        bench.clock.advance(Duration::from_secs(3_600));
        assert_eq!(bench.burst(&key).await, 1_000);
    }
}

#[tokio::test]
async fn one_client_is_not_touched_by_another() {
    for name in ["address", "daily"] {
        for bench in Bench::each(name, 5, 60).await {
            assert_eq!(bench.burst(&address(1)).await, 5);
            assert_eq!(bench.burst(&address(2)).await, 5);
            assert_eq!(bench.burst(&Key::subject("alice")).await, 5);
        }
    }
}

#[tokio::test]
async fn what_has_no_effect_any_more_is_forgotten() {
    for (name, seconds) in [("address", 60), ("daily", 86_400)] {
        let bench = Bench::with_room(name, 100, seconds, 100_000);
        for number in 0..10_000 {
            bench.count(&address(number)).await;
        }
        assert_eq!(bench.keys(), 10_000, "{name}");
        bench.clock.advance(Duration::from_secs(seconds + 1));
        assert_eq!(bench.keys(), 0, "{name}");
    }
}

/// Proves: R11, L6
#[tokio::test]
async fn a_flood_of_addresses_is_held_in_bounded_memory_and_does_not_free_who_was_limited() {
    for name in ["address", "daily"] {
        let bench = Bench::with_room(name, 100, 60, 6_400);
        let limited = address(u32::MAX);
        assert_eq!(bench.burst(&limited).await, 100);
        let mut passed = 0;
        for number in 0..100_000 {
            passed += u32::from(bench.count(&address(number)).await.allowed);
        }
        assert!(bench.keys() <= 6_400, "{name}");
        // One request for each that has a place, and one allowance for all the others of each of 64 shards.
        assert!(
            (6_399..=6_400 + 64 * 100).contains(&passed),
            "{name}: {passed}"
        );
        assert!(!bench.count(&limited).await.allowed, "{name}");
    }
}

#[tokio::test]
async fn a_hundred_tasks_at_once_pass_no_more_than_the_allowance() {
    for name in ["address", "daily"] {
        for bench in Bench::each(name, 100, 60).await {
            let bench = Arc::new(bench);
            let tasks = (0..100).map(|_| {
                let bench = Arc::clone(&bench);
                tokio::spawn(async move {
                    let mut passed = 0;
                    for _ in 0..10 {
                        passed += u32::from(bench.count(&address(1)).await.allowed);
                    }
                    passed
                })
            });
            let passed = futures_util::future::join_all(tasks).await;
            assert_eq!(
                passed
                    .into_iter()
                    .map(|passed| passed.expect("no panic"))
                    .sum::<u32>(),
                100
            );
        }
    }
}

#[tokio::test]
async fn what_one_class_refuses_is_not_taken_from_the_next() {
    let (wide, strict) = (class("address", 3, 60), class("search", 10, 60));
    let classes = [Arc::clone(&wide), Arc::clone(&strict)];
    let clock = Clock::manual(NOW);
    let mut all = vec![Limits::in_process(&classes, &clock, 1_000)];
    let lent = test_store::lent().await;
    if let Some((_, store)) = &lent {
        all.push(Limits::shared(&classes, &clock, 1_000, store.clone()));
    }
    for limits in all {
        let both = [&wide, &strict].map(|class| limit(class, RedisAway::Closed));
        let mut standing: Vec<Vec<u32>> = Vec::new();
        for _ in 0..5 {
            let decisions = limits.count_each(&both, &address(1)).await;
            let decisions = decisions.expect("limiters");
            standing.push(decisions.iter().map(|said| said.remaining).collect());
        }
        let expected: [Vec<u32>; 5] = [vec![2, 9], vec![1, 8], vec![0, 7], vec![0], vec![0]];
        assert_eq!(standing, expected);
        let strict = limits.count(&both[1], &address(1)).await;
        assert_eq!(strict.expect("a limiter").remaining, 6);
    }
}
