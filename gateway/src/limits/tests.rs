//! What the limiters promise, under a clock that the test moves.

use std::num::NonZeroU32;

use service_kit::clock::Timestamp;

use super::*;

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn class(name: &str, requests: u32, seconds: u64) -> Arc<LimitClass> {
    Arc::new(LimitClass {
        name: name.into(),
        requests: NonZeroU32::new(requests).expect("not zero"),
        window: Duration::from_secs(seconds),
    })
}

/// One class, its limiter, and the clock's hands.
struct Bench {
    clock: Clock,
    class: Arc<LimitClass>,
    limits: Limits,
}

impl Bench {
    fn new(name: &str, requests: u32, seconds: u64) -> Self {
        Self::with_room(name, requests, seconds, 100_000)
    }

    fn with_room(name: &str, requests: u32, seconds: u64, most_keys: usize) -> Self {
        let (clock, class) = (Clock::manual(NOW), class(name, requests, seconds));
        let limits = Limits::in_process(std::slice::from_ref(&class), &clock, most_keys);
        Self {
            clock,
            class,
            limits,
        }
    }

    async fn count(&self, key: &Key) -> Decision {
        let decision = self.limits.count(&self.class, key).await;
        decision.expect("the class has a limiter")
    }

    /// How many requests in a row pass.
    async fn burst(&self, key: &Key) -> u32 {
        let mut passed = 0;
        while self.count(key).await.allowed {
            passed += 1;
        }
        passed
    }

    fn keys(&self) -> usize {
        self.limits.0[0].limiter.sweep()
    }
}

fn address(number: u32) -> Key {
    Key::address(std::net::Ipv4Addr::from_bits(number).into())
}

#[tokio::test]
async fn exactly_the_allowance_passes_in_a_burst_and_comes_back_bit_by_bit() {
    let bench = Bench::new("address", 100, 60);
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
    bench.clock.advance(Duration::from_secs(60));
    assert_eq!(bench.burst(&key).await, 100);
}

#[tokio::test]
async fn who_waits_as_long_as_he_was_told_passes() {
    for (name, requests, seconds) in [
        ("address", 100, 60),
        ("search", 10, 60),
        ("search", 7, 61),
        ("daily", 3, 86_400),
    ] {
        let bench = Bench::new(name, requests, seconds);
        let key = address(1);
        assert_eq!(bench.burst(&key).await, requests);
        let wait = bench.count(&key).await.reset;
        assert!((1..=seconds).contains(&wait), "{name} {wait}");
        bench.clock.advance(Duration::from_secs(wait));
        assert!(bench.count(&key).await.allowed, "{name} after {wait} s");
    }
}

#[tokio::test]
async fn a_daily_quota_is_a_fixed_window_from_the_first_request_on() {
    let bench = Bench::new("daily", 1_000, 86_400);
    let key = Key::subject("alice");
    assert_eq!(
        (bench.count(&key).await.remaining, bench.burst(&key).await),
        (999, 999)
    );
    let mut passed_later = 0;
    for hour in 1..24 {
        bench.clock.advance(Duration::from_secs(3_600));
        passed_later += bench.burst(&key).await;
        assert_eq!(bench.count(&key).await.reset, (24 - hour) * 3_600);
    }
    assert_eq!(passed_later, 0, "GCRA would have let 958 more pass");
    bench.clock.advance(Duration::from_secs(3_600));
    assert_eq!(bench.burst(&key).await, 1_000);
}

#[tokio::test]
async fn one_client_is_not_touched_by_another() {
    for name in ["address", "daily"] {
        let bench = Bench::new(name, 5, 60);
        assert_eq!(bench.burst(&address(1)).await, 5);
        assert_eq!(bench.burst(&address(2)).await, 5);
        assert_eq!(bench.burst(&Key::subject("alice")).await, 5);
    }
}

#[tokio::test]
async fn what_has_no_effect_any_more_is_forgotten() {
    for (name, seconds) in [("address", 60), ("daily", 86_400)] {
        let bench = Bench::new(name, 100, seconds);
        for number in 0..10_000 {
            bench.count(&address(number)).await;
        }
        assert_eq!(bench.keys(), 10_000, "{name}");
        bench.clock.advance(Duration::from_secs(seconds + 1));
        assert_eq!(bench.keys(), 0, "{name}");
    }
}

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
        let bench = Arc::new(Bench::new(name, 100, 60));
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
