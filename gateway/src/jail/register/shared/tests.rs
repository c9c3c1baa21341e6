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
    let mut walks = 0;
    let user = Inmate::user("walker");
    for number in 0..61 {
        let thing = format!("/api/tours/{number}");
        walks += u32::from(one.is_walk(&user, &thing, NOW).await);
    }
    assert_eq!(walks, 1);
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

/// In milliseconds; `None` for a key that does not end, or is not there.
async fn left(store: &SharedStore, key: &str) -> Option<u64> {
    let mut command = redis::cmd("PTTL");
    let left: i64 = store
        .query(Question::Pulse, command.arg(key))
        .await
        .expect("Redis answers");
    u64::try_from(left).ok()
}

#[tokio::test]
async fn redis_keeps_what_is_of_the_jail_for_as_long_as_it_counts_and_tells_nobodys_name() {
    let Some((redis, [one, _])) = two().await else {
        return;
    };
    let (banned, user) = (who(), Inmate::user("alice"));
    let [charged, walking] = ["203.0.113.10", "203.0.113.11"].map(|who| {
        let who: Inmate = who.parse().expect("an address");
        who
    });
    charge(&one, ENOUGH).await.expect("a ban");
    one.charge(&charged, Offence::NotFound, ENOUGH - 1, NOW)
        .await;
    one.is_walk(&charged, "/api/tours/1", NOW).await;
    one.is_walk(&walking, "/api/tours/1", NOW).await;
    one.charge(&walking, Offence::NotFound, 1, NOW).await;
    one.is_walk(&user, "/api/tours/1", NOW).await;

    let store = test_store::of(&redis).await;
    let name = |what: &str, who: &Inmate| {
        let what = format!("jail:{what}");
        store.names().key(&what, who.to_string().as_bytes())
    };
    // Until the points have drained, two a second, and ten seconds for clocks that differ; where things are noted, at
    // least as long as their window. A ban is remembered for a day after its end, as its event is after the longest.
    let window = 300;
    let expected = [
        (name("ban", &banned), 60 + 86_400),
        (name("score", &charged), (ENOUGH - 1).div_ceil(2) + 10),
        (name("things", &charged), window),
        (name("score", &walking), window),
        (name("things", &walking), window),
        (name("score", &user), window),
        (name("things", &user), window),
        (EVENTS.to_owned(), 2 * 86_400),
    ];
    for (key, seconds) in &expected {
        let left = left(&store, key).await.expect("it ends");
        // This test may take a minute.
        let (least, most) = (seconds.saturating_sub(60) * 1_000, seconds * 1_000);
        assert!((least..=most).contains(&left), "{key} {left}");
        assert!(!key.contains("203.0") && !key.contains("alice"), "{key}");
    }
    let mut all = redis::cmd("KEYS");
    let keys: Vec<String> = store
        .query(Question::Pulse, all.arg("escale:jail:*"))
        .await
        .expect("Redis answers");
    assert_eq!(keys.len(), expected.len(), "{keys:?}");
}

#[tokio::test]
async fn whatever_happens_the_stream_of_events_stays_short_and_ends() {
    let Some(redis) = escale_engines::redis().await else {
        return;
    };
    let table = RouteTable::read(BUILT_IN).expect("no fault");
    let rules = Rules {
        capacity: 16,
        ..table.jail().clone()
    };
    let life = Lifecycle::new(Clock::manual(NOW));
    let store = test_store::of(&redis).await;
    let register = SharedRegister::follow(rules, store.clone(), &life).await;
    register.free(&who()).await.expect("Redis answers");
    assert!(left(&store, EVENTS).await.is_some(), "also of a word alone");
    let events = async || -> usize {
        let mut command = redis::cmd("XLEN");
        let length = store.query(Question::Pulse, command.arg(EVENTS)).await;
        length.expect("Redis answers")
    };
    // Redis drops whole nodes, of a hundred entries.
    let most = 16 * EVENTS_A_PLACE + 100;
    let inmates = (0..300).map(|number| Inmate::user(&number.to_string()));
    for who in inmates.clone() {
        register.charge(&who, Offence::NotFound, 300, NOW).await;
    }
    assert!((1..=most).contains(&events().await));
    for who in inmates {
        register.free(&who).await.expect("Redis answers");
    }
    assert!((1..=most).contains(&events().await));
}
