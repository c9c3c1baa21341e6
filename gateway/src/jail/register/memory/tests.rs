//! The register's memory is bounded, and a flood frees nobody.

use std::net::{IpAddr, Ipv4Addr};

use super::*;
use crate::route_table::{BUILT_IN, RouteTable};

const NOW: Timestamp = Timestamp(1_800_000_000_000);

fn register(capacity: usize) -> MemoryRegister {
    let table = RouteTable::read(BUILT_IN).expect("no fault");
    let rules = Rules {
        capacity,
        ..table.jail().clone()
    };
    MemoryRegister::new(rules)
}

fn inmate(number: u32) -> Inmate {
    Inmate::address(IpAddr::V4(Ipv4Addr::from_bits(number)))
}

#[test]
fn scores_stay_within_the_capacity_and_what_is_used_is_kept() {
    let register = register(100);
    let points = 10;
    for number in 0..10_000 {
        register.charge_now(&inmate(number), Offence::NotFound, points, NOW);
        let hot = register.charge_now(&inmate(u32::MAX), Offence::NotFound, 0, NOW);
        assert_eq!(hot, None);
        assert!(register.lock().scores.len() <= 100);
    }
    let hot = inmate(u32::MAX);
    let cold = inmate(0);
    assert!(register.lock().scores.remove(&hot));
    assert!(!register.lock().scores.remove(&cold));
}

#[test]
fn a_flood_of_other_offenders_frees_nobody_whose_ban_is_longer() {
    let register = register(100);
    let long = inmate(u32::MAX);
    let ban = |who: &Inmate, now| register.charge_now(who, Offence::NotFound, 2_000, now);
    let first = ban(&long, NOW).expect("a ban");
    let second = ban(&long, first.until).expect("a longer one");
    for number in 0..10_000 {
        ban(&inmate(number), first.until);
        assert!(register.lock().bans.len() <= 100);
    }
    assert_eq!(register.lock().bans.get(&long), Some(&second));
}

#[test]
fn bans_that_nobody_remembers_any_more_make_room_first() {
    let register = register(100);
    for number in 0..100 {
        register.charge_now(&inmate(number), Offence::NotFound, 2_000, NOW);
    }
    let later = NOW.plus(register.rules.first_ban + register.rules.memory);
    register.charge_now(&inmate(100), Offence::NotFound, 2_000, later);
    assert_eq!(register.lock().bans.len(), 1);
}

/// Events of other gateways are read again from the first when Redis was away.
#[test]
fn a_ban_that_is_told_late_does_not_shorten_the_one_that_is_known() {
    let (register, who) = (register(100), inmate(1));
    let ban = |count, seconds| Ban {
        until: NOW.plus(std::time::Duration::from_secs(seconds)),
        count,
        offence: Offence::NotFound,
    };
    for told in [ban(2, 120), ban(1, 60)] {
        register.note(&who, told, NOW);
    }
    assert_eq!(register.lock().bans.get(&who), Some(&ban(2, 120)));
}
