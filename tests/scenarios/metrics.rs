//! `docs/metrics.md` names everything that is counted, and nothing else. Some names show only after their first event.

mod watched;

use std::collections::BTreeSet;

use escale_tests::{Plan, Town, eventually};
use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The first column of the page's table.
fn documented() -> BTreeSet<String> {
    let page = include_str!("../../docs/metrics.md");
    let name = |line: &str| Some(line.strip_prefix("| `")?.split('`').next()?.to_owned());
    page.lines().filter_map(name).collect()
}

fn shown(metrics: &str) -> BTreeSet<String> {
    let name = |line: &str| Some(line.strip_prefix("# TYPE ")?.split(' ').next()?.to_owned());
    metrics.lines().filter_map(name).collect()
}

/// Proves: API10:2019
#[tokio::test]
async fn the_page_names_every_metric_that_the_gateway_shows_and_no_other() {
    let redis = escale_engines::redis().await;
    let url = redis.as_ref().map(escale_engines::Redis::url);
    let plan = Plan {
        built_in_jail: true,
        settings: url
            .map(|url| ("gateway", "REDIS_URL", url))
            .into_iter()
            .collect(),
        ..Plan::default()
    };
    let mut town = Town::planned(plan).await;
    let user = town.user().await;
    user.get("/api/tours").await.assert_status(200);
    town.stop("catalog").await;
    user.get("/api/tours").await.assert_status(503);
    a_head_that_reads_in_two_ways(&town).await;
    a_ban_and_its_end(&town).await;
    // All services of a town count into one recorder; what is of a database is told when it is asked for.
    town.admin_page("booking", "/metrics").await;
    // The access log's line, which counts, is written when the answer has gone; a record by a task of its own.
    eventually("the request is counted", async || {
        let shown = shown(&town.admin_page("gateway", "/metrics").await);
        ["http_requests_total", "audit_records_total"]
            .iter()
            .all(|name| shown.contains(*name))
    })
    .await;
    let shown = shown(&town.admin_page("gateway", "/metrics").await);
    let (mut unnamed, mut missing) = (shown.clone(), documented());
    unnamed.retain(|name| !documented().contains(name));
    missing.retain(|name| !shown.contains(name));
    // A gateway that shares nothing counts nothing of it. That there is no Redis here has been said.
    missing.retain(|name| redis.is_some() || !name.starts_with("shared_store_"));
    assert!(unnamed.is_empty(), "not in docs/metrics.md: {unnamed:?}");
    assert!(missing.is_empty(), "documented and not shown: {missing:?}");
}

async fn a_head_that_reads_in_two_ways(town: &Town) {
    let mut stream = town.tls_stream().await;
    let head = "POST /auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 1\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The connection is closed, with or without a word.
    let _ = stream.read_to_end(&mut answer).await;
}

async fn a_ban_and_its_end(town: &Town) {
    let visitor = town.visitor();
    for _ in 0..1_000 {
        if visitor.get("/wp-login").await.status == 429 {
            break;
        }
    }
    let free = town.operate(Method::DELETE, "/jail/127.0.0.1").await;
    free.assert_status(204);
}

/// Proves: T11
#[tokio::test]
async fn rate_errors_and_duration_are_told_by_route() {
    let town = Town::start().await;
    let user = town.user().await;
    user.get("/api/tours/search?q=paris")
        .await
        .assert_status(200);
    eventually("the route is counted", async || {
        let metrics = town.admin_page("gateway", "/metrics").await;
        ["http_requests_total{", "http_request_seconds"]
            .into_iter()
            .all(|name| {
                let of_the_route = |line: &&str| line.contains("route=\"tours.search\"");
                let mut lines = metrics.lines().filter(of_the_route);
                lines.any(|line| line.starts_with(name) && line.contains("status=\"200\""))
            })
    })
    .await;
}

/// A Prometheus on another machine reads; who can reach its address lets nobody out of the jail.
#[tokio::test]
async fn the_metrics_address_shows_figures_and_readiness_and_has_nothing_of_the_operators() {
    let town = Town::start().await;
    // A town's gateway listens; keys and revocations come to it from auth a moment later, and it is not ready before.
    eventually("the gateway is ready", async || {
        town.admin_page("gateway", "/ready").await.contains("true")
    })
    .await;
    for (method, path, status) in [
        (Method::GET, "/metrics", 200),
        (Method::GET, "/ready", 200),
        (Method::GET, "/health", 200),
        (Method::GET, "/jail", 404),
        (Method::DELETE, "/jail/127.0.0.1", 404),
    ] {
        let url = format!("http://{}{path}", town.metrics("gateway"));
        let request = town.public_client().request(method, url);
        let answer = request.send().await.expect("the address answers");
        assert_eq!(answer.status(), status, "{path}");
    }
    assert_eq!(town.operate(Method::GET, "/jail").await.status, 200);
}

/// The names and values in a page's rows, and the labels that stand in their third column.
fn rows(page: &str) -> Vec<(Vec<&str>, &str)> {
    let rows = page.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let labels = row.split('|').nth(3).expect("a third column");
        (row.split('`').skip(1).step_by(2).collect(), labels.trim())
    })
    .collect()
}

#[test]
fn the_french_page_has_the_same_names_labels_and_values() {
    let (french, english) = (
        rows(include_str!("../../docs/metrics.fr.md")),
        rows(include_str!("../../docs/metrics.md")),
    );
    assert_eq!(french, english);
    assert_eq!(english.len(), documented().len());
}
