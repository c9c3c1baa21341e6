//! Memory and time of the limiters under a million distinct addresses: `cargo bench -p gateway --bench limiter_memory`.
//!
//! Prints figures and judges nothing: what a machine needs is not a test.

use std::hint::black_box;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gateway::limits::{Key, Limits};
use gateway::route_table::{BUILT_IN, RedisAway, RouteLimit, RouteTable};
use service_kit::clock::{Clock, Timestamp};

const ADDRESSES: u32 = 1_000_000;
/// The default of `LIMITER_MOST_KEYS`.
const MOST_KEYS: usize = 1_500_000;

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(run());
}

async fn run() {
    let table = RouteTable::read(BUILT_IN).expect("the built-in table has no fault");
    let clock = Clock::manual(Timestamp(1_800_000_000_000));
    let limits = Limits::in_process(table.limits(), &clock, MOST_KEYS);
    let class = |name: &str| {
        let found = table.limits().iter().find(|class| &*class.name == name);
        RouteLimit {
            class: Arc::clone(found.expect("a class")),
            redis_away: RedisAway::Open,
        }
    };
    println!("{:<58} {:>8} {:>12}", "", "RSS MiB", "ns/request");
    show("before", None);
    let (address, daily) = (class("address"), class("daily"));

    let spent = flood(&limits, &address, ipv4).await;
    show("address: 1,000,000 IPv4 addresses", Some(spent));
    let spent = flood(&limits, &address, ipv4).await;
    show("address: the same again", Some(spent));
    let spent = flood(&limits, &address, ipv6).await;
    show(
        "address: 1,000,000 IPv6 /64s more (over the cap)",
        Some(spent),
    );
    let spent = flood(&limits, &daily, ipv4).await;
    show("daily: 1,000,000 IPv4 addresses", Some(spent));

    clock.advance(Duration::from_secs(86_401));
    let begun = Instant::now();
    limits.sweep();
    show("after a sweep, a day later", None);
    println!("the sweep took {:?}", begun.elapsed());
}

async fn flood(limits: &Limits, class: &RouteLimit, key: fn(u32) -> Key) -> Duration {
    let begun = Instant::now();
    for number in 0..ADDRESSES {
        let decision = limits.count(class, &key(number)).await;
        black_box(decision.expect("the class has a limiter"));
    }
    begun.elapsed()
}

fn ipv4(number: u32) -> Key {
    Key::address(Ipv4Addr::from_bits(0x0b00_0000 + number).into())
}

fn ipv6(number: u32) -> Key {
    Key::address(Ipv6Addr::from_bits((0x2001_0db8 << 96) | (u128::from(number) << 64)).into())
}

fn show(what: &str, spent: Option<Duration>) {
    let rss = resident_mib().map_or("?".to_owned(), |mib| format!("{mib:.1}"));
    let each = spent.map_or(String::new(), |spent| {
        (spent.as_nanos() / u128::from(ADDRESSES)).to_string()
    });
    println!("{what:<58} {rss:>8} {each:>12}");
}

/// Linux tells it; elsewhere the figure is left out.
fn resident_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}
