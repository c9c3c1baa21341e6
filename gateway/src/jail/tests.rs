//! The jail with the numbers of the built-in table, in one process and in Redis alike.

use escale_engines::Redis;

use super::*;
use crate::route_table::{BUILT_IN, RouteTable};
use crate::test_store;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A jail, the clock's hands, and what it remembers in, if that is not this process.
type Bench = (Jail, Clock, Option<Redis>);

/// One that remembers in this process and, where there is a Redis, one that shares.
async fn jails() -> Vec<Bench> {
    let table = RouteTable::read(BUILT_IN).expect("no fault");
    let clock = || Clock::manual(Timestamp(1_800_000_000_000));
    let here = clock();
    let mut jails = vec![(Jail::new(table.jail(), here.clone(), |_| {}), here, None)];
    if let Some((redis, store)) = test_store::lent().await {
        let clock = clock();
        let life = Lifecycle::new(clock.clone());
        let register = SharedRegister::follow(table.jail().clone(), store, &life).await;
        let jail = Jail::with(Box::new(register), table.jail(), clock.clone(), |_| {});
        jails.push((jail, clock, Some(redis)));
    }
    jails
}

fn address() -> Inmate {
    "203.0.113.9".parse().expect("an address")
}

async fn charge(jail: &Jail, who: &Inmate, offence: Offence, times: usize) {
    for _ in 0..times {
        jail.charge(who, offence).await;
    }
}

/// How many offences, one every `pause`, until the ban; none within `most`.
async fn banned_after(
    jail: &Jail,
    clock: &Clock,
    who: &Inmate,
    (offence, pause, most): (Offence, Duration, usize),
) -> Option<usize> {
    for number in 1..=most {
        jail.charge(who, offence).await;
        if jail.seconds_left(who).await.is_some() {
            return Some(number);
        }
        clock.advance(pause);
    }
    None
}

#[tokio::test]
async fn a_classroom_behind_one_address_is_not_banned_for_its_mistakes() {
    for (jail, clock, _redis) in jails().await {
        for _ in 0..4 * 60 {
            for (offence, times) in [
                (Offence::Unauthenticated, 10),
                (Offence::Forbidden, 8),
                (Offence::NotFound, 10),
                (Offence::FailedLogin, 2),
                (Offence::Limited, 20),
            ] {
                charge(&jail, &address(), offence, times).await;
            }
            assert_eq!(jail.seconds_left(&address()).await, None);
            clock.advance(MINUTE);
        }
        // The exercise: thirty people, two wrong passwords each.
        for _ in 0..6 {
            charge(&jail, &address(), Offence::FailedLogin, 10).await;
            charge(&jail, &address(), Offence::Burst, 20).await;
            clock.advance(MINUTE);
        }
        // The same with a wider limit on logins, all at once.
        clock.advance(10 * MINUTE);
        charge(&jail, &address(), Offence::FailedLogin, 60).await;
        assert_eq!(jail.list().await, []);
    }
}

#[tokio::test]
async fn guessing_scanning_and_searching_machines_are_banned() {
    let second = Duration::from_secs(1);
    let patient = (Offence::FailedLogin, 6 * second, 1_000);
    let hasty = (Offence::FailedLogin, Duration::ZERO, 1_000);
    let scanner = (Offence::NotFound, Duration::ZERO, 1_000);
    let burst = (Offence::Burst, second / 10, 1_000);
    for (how, expected) in [
        (patient, 180..190),
        (hasty, 75..76),
        (scanner, 750..751),
        (burst, 750..850),
    ] {
        for (jail, clock, _redis) in jails().await {
            let number = banned_after(&jail, &clock, &address(), how).await;
            assert!(
                number.is_some_and(|number| expected.contains(&number)),
                "{how:?}: {number:?}"
            );
        }
    }
}

#[tokio::test]
async fn each_ban_lasts_twice_as_long_until_a_day_without_one_has_passed() {
    for (jail, clock, _redis) in jails().await {
        let who = address();
        for minutes in [1, 2, 4, 8] {
            charge(&jail, &who, Offence::FailedLogin, 75).await;
            assert_eq!(jail.seconds_left(&who).await, Some(minutes * 60));
            // What still arrives does not count: a ban ends when it was said to.
            charge(&jail, &who, Offence::FailedLogin, 500).await;
            let almost = Duration::from_secs(minutes * 60) - Duration::from_millis(1);
            clock.advance(almost);
            assert_eq!(jail.seconds_left(&who).await, Some(1));
            clock.advance(Duration::from_millis(1));
            assert_eq!(jail.seconds_left(&who).await, None);
        }
        assert_eq!(jail.list().await.len(), 1, "over, and remembered");
        clock.advance(DAY);
        assert_eq!(jail.list().await, []);
        charge(&jail, &who, Offence::FailedLogin, 75).await;
        assert_eq!(jail.seconds_left(&who).await, Some(60));
    }
}

#[tokio::test]
async fn a_walk_through_many_things_is_banned_and_a_second_look_is_free() {
    for (jail, clock, _redis) in jails().await {
        let user = Inmate::user("alice");
        for round in 0..10 {
            for tour in 0..40 {
                jail.looked_at(&user, &format!("/api/tours/{tour}")).await;
            }
            assert_eq!(jail.seconds_left(&user).await, None, "{round}");
        }
        clock.advance(5 * MINUTE);
        for booking in 0..90 {
            assert_eq!(jail.seconds_left(&user).await, None, "{booking}");
            let path = format!("/api/bookings/{booking}");
            jail.looked_at(&user, &path).await;
        }
        assert_eq!(jail.seconds_left(&user).await, Some(60));
    }
}

#[tokio::test]
async fn address_and_user_are_counted_apart() {
    for (jail, _clock, _redis) in jails().await {
        let user = Inmate::user("alice");
        charge(&jail, &user, Offence::Forbidden, 300).await;
        assert!(jail.seconds_left(&user).await.is_some());
        for other in [address(), Inmate::user("bob"), Inmate::user("203.0.113.9")] {
            assert_eq!(jail.seconds_left(&other).await, None, "{other}");
        }
    }
}

#[tokio::test]
async fn who_is_freed_begins_anew() {
    for (jail, _clock, _redis) in jails().await {
        charge(&jail, &address(), Offence::NotFound, 750).await;
        assert_eq!(jail.free(&address()).await, Ok(true));
        assert_eq!(jail.seconds_left(&address()).await, None);
        assert_eq!(
            jail.free(&address()).await,
            Ok(false),
            "nothing is left of it"
        );
        charge(&jail, &address(), Offence::NotFound, 750).await;
        assert_eq!(
            jail.seconds_left(&address()).await,
            Some(60),
            "the first ban again"
        );
    }
}
