//! PostgreSQL, Redis and HAProxy, as the files of deploy/compose set them.

use super::written::{lines_of, megabytes, services};
use crate::kubernetes::manifests::read;

/// `setting value` of a file of Redis or HAProxy.
fn value<'a>(config: &'a str, setting: &str) -> &'a str {
    let found = config.lines().find_map(|line| {
        let (name, value) = line.trim().split_once(' ')?;
        (name == setting).then_some(value.trim())
    });
    found.unwrap_or_else(|| panic!("no {setting}"))
}

/// One service that takes all it may leaves enough for the others, and for the superuser who looks into it.
#[test]
fn all_accounts_of_postgresql_together_stay_below_its_connections() {
    // Its defaults; docker-compose.yml changes neither.
    let (most, reserved) = (100, 3);
    assert!(services()["postgres"]["command"].is_null());
    let sql = read("../deploy/compose/databases.sql");
    let limits: Vec<u32> = sql
        .lines()
        .filter_map(|line| line.split_once("CONNECTION LIMIT ")?.1.strip_suffix(';'))
        .map(|limit| limit.parse().expect("a number"))
        .collect();
    assert_eq!(limits.len(), sql.matches("CREATE ROLE").count());
    assert!(limits.iter().sum::<u32>() <= most - reserved, "{limits:?}");
    // Three containers of a service, and a migration.
    assert!(limits.iter().all(|&limit| limit > 3 * 4), "{limits:?}");
}

/// A deny-list is never whole: `SLAVEOF` is `REPLICAOF` by another name. So there are users, and what they may.
#[test]
fn redis_has_users_with_rights_and_no_list_of_forbidden_commands() {
    let config = read("../deploy/compose/redis.conf");
    assert_eq!(value(&config, "include"), "/run/escale/users.conf");
    for left_over in ["rename-command", "requirepass"] {
        assert!(!config.contains(left_over), "{left_over}");
    }
    assert_eq!(value(&config, "protected-mode"), "yes");
}

/// What ends first makes room; and the container has more than Redis takes, or the engine would kill it instead.
#[test]
fn redis_is_bounded_by_itself_before_its_container_is() {
    let config = read("../deploy/compose/redis.conf");
    assert_eq!(value(&config, "maxmemory-policy"), "volatile-ttl");
    let most: u64 = value(&config, "maxmemory")
        .trim_end_matches("mb")
        .parse()
        .unwrap();
    let container = megabytes(&services()["redis"]["mem_limit"]);
    assert!(most * 3 / 2 <= container, "{most} of {container}");
    assert_eq!(value(&config, "appendonly"), "no");
}

/// Tried with HAProxy 2.6: without `disable-on-404` what runs in a gateway that stops is cut off after two seconds.
#[test]
fn the_balancer_lets_a_stopping_gateway_finish_and_a_failed_one_go() {
    let config = read("../deploy/compose/haproxy.cfg");
    assert_eq!(value(&config, "http-check"), "disable-on-404");
    assert!(config.contains("on-marked-down shutdown-sessions"));
    let gateways = config
        .lines()
        .filter(|line| line.trim().starts_with("server "));
    assert_eq!(gateways.count(), 2);
}

/// Who reads nothing keeps the buffers of his connection full; all of them together must not end the balancer.
#[test]
fn as_many_connections_as_are_let_in_fit_into_memory_and_files() {
    const BUFFERS_KB: u64 = 2 * 16;
    let balancer = &services()["balancer"];
    let config = read("../deploy/compose/haproxy.cfg");
    let most: u64 = value(&config, "maxconn").parse().unwrap();
    let megabytes = megabytes(&balancer["mem_limit"]);
    assert!(most * BUFFERS_KB * 5 / 4 <= megabytes * 1_000, "{most}");
    let files = balancer["ulimits"]["nofile"]["soft"].as_u64();
    assert!(files >= Some(2 * most + 500));
    for name in ["gateway-1", "gateway-2", "one"] {
        let gateway = &services()[name];
        let connections = gateway["environment"]["MAX_CONNECTIONS"].as_u64();
        assert!(connections <= Some(most), "{name}");
        let files = gateway["ulimits"]["nofile"]["soft"].as_u64();
        assert!(files > connections.map(|most| most + 500), "{name}");
    }
}

/// The one who waits longer is the one who sees the other's goodbye.
#[test]
fn the_gateway_ends_idle_connections_before_its_balancer_does() {
    let example = read("../.env.example");
    let idle: u64 = lines_of("HTTP_IDLE_SECONDS=", &example)[0].parse().unwrap();
    let config = read("../deploy/compose/haproxy.cfg");
    for side in ["timeout client ", "timeout server "] {
        let line = config
            .lines()
            .find_map(|line| line.trim().strip_prefix(side));
        let waits: u64 = line.expect(side).trim_end_matches('s').parse().unwrap();
        assert!(waits > idle, "{side}");
    }
}
