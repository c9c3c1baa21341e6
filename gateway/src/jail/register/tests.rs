//! What any register promises, in this process and in Redis alike.

use std::time::Duration;

use escale_engines::Redis;
use service_kit::clock::Clock;
use service_kit::lifecycle::Lifecycle;

use super::*;
use crate::route_table::{BUILT_IN, RouteTable};
use crate::test_store;

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const HOUR: Duration = Duration::from_secs(3_600);
/// Of an address, in the built-in table.
const ENOUGH: u64 = 1_500;
const LONGEST_BAN: u64 = 24 * 3_600;

/// One in this process and, where there is a Redis, one in that.
async fn registers() -> Vec<(Box<dyn Register>, Option<Redis>)> {
    let table = RouteTable::read(BUILT_IN).expect("no fault");
    let rules = table.jail();
    let here = MemoryRegister::new(rules.clone());
    let mut registers: Vec<(Box<dyn Register>, _)> = vec![(Box::new(here), None)];
    if let Some((redis, store)) = test_store::lent().await {
        let life = Lifecycle::new(Clock::manual(NOW));
        let shared = SharedRegister::follow(rules.clone(), store, &life).await;
        registers.push((Box::new(shared), Some(redis)));
    }
    registers
}

/// The ban that begins with so many points.
async fn charge(register: &dyn Register, who: &Inmate, points: u64, at: Timestamp) -> Option<Ban> {
    register.charge(who, Offence::NotFound, points, at).await
}

#[tokio::test]
async fn points_drain_with_time_and_the_time_without_any_is_no_credit() {
    for (register, _redis) in registers().await {
        let (register, who) = (&*register, "203.0.113.9".parse().expect("an address"));
        assert_eq!(charge(register, &who, ENOUGH - 1, NOW).await, None);
        // 120 a minute.
        let later = NOW.plus(HOUR / 60);
        assert_eq!(charge(register, &who, 120, later).await, None);
        let much_later = later.plus(HOUR);
        assert_eq!(charge(register, &who, ENOUGH - 1, much_later).await, None);
        let ban = charge(register, &who, 1, much_later).await;
        assert_eq!(ban.map(|ban| ban.count), Some(1));
    }
}

/// The clock is that of each gateway: one of them may be behind.
#[tokio::test]
async fn a_clock_that_is_behind_adds_no_points_and_drains_none_twice() {
    for (register, _redis) in registers().await {
        let (register, who) = (&*register, "203.0.113.9".parse().expect("an address"));
        assert_eq!(charge(register, &who, ENOUGH - 1, NOW).await, None);
        assert_eq!(charge(register, &who, 0, NOW.minus(HOUR)).await, None);
        assert!(charge(register, &who, 1, NOW).await.is_some());
    }
}

#[tokio::test]
async fn after_each_ban_points_begin_anew_and_none_lasts_longer_than_a_day() {
    for (register, _redis) in registers().await {
        let (register, who) = (&*register, "203.0.113.9".parse().expect("an address"));
        let mut now = NOW;
        for earlier in 0..13 {
            let almost = charge(register, &who, ENOUGH - 1, now).await;
            assert_eq!(almost, None, "after {earlier} bans");
            let ban = charge(register, &who, 1, now).await.expect("enough");
            let seconds = (60 << earlier).min(LONGEST_BAN);
            assert_eq!((ban.count, ban.seconds_left(now)), (earlier + 1, seconds));
            now = ban.until;
        }
    }
}

#[tokio::test]
async fn who_is_freed_before_he_is_banned_begins_anew_too() {
    for (register, _redis) in registers().await {
        let (register, who) = (&*register, "203.0.113.9".parse().expect("an address"));
        assert_eq!(charge(register, &who, ENOUGH - 1, NOW).await, None);
        assert_eq!(register.free(&who).await, Ok(true));
        assert_eq!(charge(register, &who, ENOUGH - 1, NOW).await, None);
    }
}
