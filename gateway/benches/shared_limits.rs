//! What limits cost in Redis, as a ratio to what they cost in this process, and what they take of Redis' memory:
//! `cargo bench -p gateway --bench shared_limits`. It wants a `redis-server` on this machine.
//!
//! Prints figures and judges nothing. Client, gateway's part and Redis share one machine, and the network is the loopback's.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use escale_engines::Redis;
use gateway::limits::{Key, Limits};
use gateway::route_table::{BUILT_IN, LimitClass, RedisAway, RouteLimit, RouteTable};
use gateway::shared_store::{SharedStore, SharedStoreConfig};
use service_kit::clock::Clock;
use service_kit::config::Settings;
use service_kit::lifecycle::Lifecycle;

const REQUESTS: u32 = 100_000;
/// As many requests at a time as wrk's connections in the project's other figures.
const AT_ONCE: u32 = 64;
const MOST_KEYS: usize = 1_500_000;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let Some(redis) = escale_engines::redis().await else {
        return;
    };
    let table = RouteTable::read(BUILT_IN).expect("the built-in table has no fault");
    let clock = Clock::system();
    let here = Limits::in_process(table.limits(), &clock, MOST_KEYS);
    let shared = Limits::shared(table.limits(), &clock, MOST_KEYS, store(&redis).await);
    let of = |names: &[&str]| -> Vec<RouteLimit> {
        let classes = table.limits().iter();
        let named = classes.filter(|class| names.contains(&&*class.name));
        named.map(limit).collect()
    };
    println!("{:<42} {:>12} {:>12} {:>7}", "", "here", "Redis", "ratio");
    for (what, classes, at_once) in [
        ("one class, one at a time", of(&["address"]), 1),
        ("two classes, one at a time", of(&["address", "search"]), 1),
        ("one class, 64 at a time", of(&["address"]), AT_ONCE),
        (
            "two classes, 64 at a time",
            of(&["address", "search"]),
            AT_ONCE,
        ),
    ] {
        let (here, there) = (
            each(&here, &classes, at_once).await,
            each(&shared, &classes, at_once).await,
        );
        let ratio = there.as_secs_f64() / here.as_secs_f64();
        println!("{what:<42} {here:>12.1?} {there:>12.1?} {ratio:>7.1}");
    }
    redis.ask("FLUSHALL");
    let before = used(&redis);
    each(&shared, &of(&["daily"]), AT_ONCE).await;
    let each = (used(&redis) - before) / u64::from(REQUESTS);
    println!("memory in Redis, a key of the quota: {each} bytes; {REQUESTS} keys");
}

fn limit(class: &Arc<LimitClass>) -> RouteLimit {
    RouteLimit {
        class: Arc::clone(class),
        redis_away: RedisAway::Closed,
    }
}

async fn store(redis: &Redis) -> SharedStore {
    let url = redis.url();
    let settings = Settings::from_pairs([("REDIS_URL", &*url), ("REDIS_TIMEOUT_MS", "1000")]);
    let config = settings.load(|settings| SharedStoreConfig::read(settings, None));
    let config = config.expect("settings").expect("an address");
    SharedStore::connect(config, &Lifecycle::new(Clock::system())).await
}

/// Time over requests: of one, where they come one at a time; its share, where many do.
async fn each(limits: &Limits, classes: &[RouteLimit], at_once: u32) -> Duration {
    let begun = Instant::now();
    let tasks = (0..at_once).map(|task| {
        let (limits, classes) = (limits.clone(), classes.to_vec());
        tokio::spawn(async move {
            for number in (task..REQUESTS).step_by(at_once as usize) {
                let key = Key::address(Ipv4Addr::from_bits(0x0b00_0000 + number).into());
                let counted = limits.count_each(&classes, &key).await;
                counted.expect("an answer");
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("no panic");
    }
    begun.elapsed() / REQUESTS
}

/// Bytes.
fn used(redis: &Redis) -> u64 {
    let number = "return tonumber(redis.call('INFO', 'memory'):match('used_memory:(%d+)'))";
    let told = redis.ask(&format!("EVAL \"{number}\" 0"));
    let told = told.and_then(|told| told.strip_prefix(':')?.parse().ok());
    told.expect("Redis tells its memory")
}
