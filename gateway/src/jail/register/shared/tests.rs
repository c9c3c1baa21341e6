//! Two gateways with one register.

use std::time::Duration;

use escale_engines::Redis;
use service_kit::clock::Clock;

use super::*;
use crate::route_table::{BUILT_IN, RouteTable};
use crate::test_store::{self, eventually};

const NOW: Timestamp = Timestamp(1_800_000_000_000);
const ENOUGH: u64 = 1_500;

fn who() -> Inmate {
    "203.0.113.9".parse().expect("an address")
}

/// A gateway's register; it follows the others until the test's runtime ends.
async fn gateway(redis: &Redis) -> SharedRegister {
    let table = RouteTable::read(BUILT_IN).expect("no fault");
    let life = Lifecycle::new(Clock::manual(NOW));
    let store = test_store::of(redis).await;
    SharedRegister::follow(table.jail().clone(), store, &life).await
}

async fn two() -> Option<(Redis, [SharedRegister; 2])> {
    let redis = escale_engines::redis().await?;
    let gateways = [gateway(&redis).await, gateway(&redis).await];
    Some((redis, gateways))
}

async fn charge(register: &SharedRegister, points: u64) -> Option<Ban> {
    let who = who();
    register
        .charge(&who, Offence::FailedLogin, points, NOW)
        .await
}

async fn is_banned(register: &SharedRegister) -> bool {
    register.ban_of(&who(), NOW).await.is_some()
}

#[tokio::test]
async fn points_given_at_two_gateways_add_up_and_the_ban_holds_at_both_within_a_second() {
    let Some((_redis, [one, other])) = two().await else {
        return;
    };
    assert_eq!(charge(&one, ENOUGH - 1).await, None);
    let ban = charge(&other, 1).await.expect("enough");
    assert_eq!((ban.count, ban.seconds_left(NOW)), (1, 60));
    assert!(is_banned(&other).await, "known at once where it began");
    let begun = std::time::Instant::now();
    eventually("the other knows", async || is_banned(&one).await).await;
    assert!(begun.elapsed() < Duration::from_secs(1), "{begun:?}");
    assert_eq!(one.ban_of(&who(), NOW).await, Some(ban));
    assert_eq!(one.list(NOW).await, other.list(NOW).await);
    assert_eq!(charge(&one, ENOUGH).await, None, "it is on already");
}

#[tokio::test]
async fn things_looked_at_through_two_gateways_are_one_walk() {
    let Some((_redis, gateways)) = two().await else {
        return;
    };
    let user = Inmate::user("alice");
    let look = async |number: usize| {
        let thing = format!("/api/tours/{number}");
        gateways[number % 2].is_walk(&user, &thing, NOW).await
    };
    for number in 0..60 {
        assert!(!look(number).await, "{number}");
    }
    assert!(look(60).await && !look(7).await);
    let later = NOW.plus(Duration::from_secs(300));
    assert!(
        !gateways[0].is_walk(&user, "/another", later).await,
        "a new window"
    );
}

#[tokio::test]
async fn who_is_freed_at_one_gateway_is_free_at_the_other_and_begins_anew() {
    let Some((_redis, [one, other])) = two().await else {
        return;
    };
    charge(&one, ENOUGH).await.expect("a ban");
    eventually("the other knows", async || is_banned(&other).await).await;
    assert_eq!(other.free(&who()).await, Ok(true));
    assert!(!is_banned(&other).await);
    eventually("the first knows", async || !is_banned(&one).await).await;
    assert_eq!(one.free(&who()).await, Ok(false), "nothing is left of it");
    let again = charge(&one, ENOUGH).await.expect("a ban");
    assert_eq!(again.count, 1, "the first ban again");
}

#[tokio::test]
async fn a_gateway_that_starts_later_knows_who_is_banned_and_how_often_he_was() {
    let Some((redis, [one, _])) = two().await else {
        return;
    };
    let first = charge(&one, ENOUGH).await.expect("a ban");
    let (who, later) = (who(), first.until);
    let second = one.charge(&who, Offence::Burst, ENOUGH, later).await;
    let second = second.expect("a longer one");
    assert_eq!((second.count, second.offence), (2, Offence::Burst));
    let late = gateway(&redis).await;
    assert_eq!(late.ban_of(&who, later).await, Some(second));
}

#[tokio::test]
async fn without_redis_a_known_ban_stays_points_go_on_here_and_nobody_is_let_out() {
    let Some((mut redis, [one, other])) = two().await else {
        return;
    };
    charge(&one, ENOUGH).await.expect("a ban");
    eventually("the other knows", async || is_banned(&other).await).await;
    redis.kill();
    assert!(is_banned(&one).await && is_banned(&other).await);
    assert_eq!(one.free(&who()).await, Err(NoAnswer));
    assert!(is_banned(&one).await);
    let scanner = Inmate::user("scanner");
    let alone = one.charge(&scanner, Offence::NotFound, 300, NOW).await;
    assert!(alone.is_some() && one.ban_of(&scanner, NOW).await.is_some());
    // It comes back empty: what was known is known, and what is new is shared again.
    redis.restart();
    let new = Inmate::user("new");
    let banned = async |register: &SharedRegister| register.ban_of(&new, NOW).await.is_some();
    eventually("points are shared", async || {
        one.charge(&new, Offence::NotFound, 300, NOW).await;
        banned(&other).await
    })
    .await;
    assert!(is_banned(&one).await && is_banned(&other).await);
    assert_eq!(other.free(&who()).await, Ok(true), "known here, lost there");
    eventually("the other is told", async || !is_banned(&one).await).await;
}

#[tokio::test]
async fn redis_keeps_nothing_of_the_jail_that_does_not_end() {
    let Some((redis, [one, _])) = two().await else {
        return;
    };
    charge(&one, ENOUGH).await.expect("a ban");
    charge(&one, 1).await;
    let user = Inmate::user("alice");
    one.charge(&user, Offence::NotFound, 2, NOW).await;
    one.is_walk(&user, "/api/tours/1", NOW).await;
    let store = test_store::of(&redis).await;
    let mut all = redis::cmd("KEYS");
    let keys: Vec<String> = store
        .query(Question::Pulse, all.arg("escale:jail:*"))
        .await
        .expect("Redis answers");
    // A ban; a score and its things; the events.
    assert_eq!(keys.len(), 4, "{keys:?}");
    for key in keys {
        let mut left = redis::cmd("PTTL");
        let left: i64 = store
            .query(Question::Pulse, left.arg(&key))
            .await
            .expect("Redis answers");
        assert!((1..=2 * 86_400_000).contains(&left), "{key} {left}");
        assert!(!key.contains("203.0") && !key.contains("alice"), "{key}");
    }
}
