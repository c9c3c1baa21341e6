//! `docs/metrics.md` names everything that the gateway counts. Some names show only after their first event.

use std::collections::BTreeSet;

use escale_tests::{Town, eventually};

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

#[tokio::test]
async fn the_page_names_every_metric_that_the_gateway_shows() {
    let mut town = Town::start().await;
    let user = town.user().await;
    user.get("/api/tours").await.assert_status(200);
    town.stop("catalog").await;
    user.get("/api/tours").await.assert_status(503);
    // The line of the access log, which counts, is written when the answer has gone.
    eventually("the request is counted", async || {
        let page = town.admin_page("gateway", "/metrics").await;
        shown(&page).contains("http_requests_total")
    })
    .await;
    let metrics = shown(&town.admin_page("gateway", "/metrics").await);
    let unnamed: Vec<_> = metrics.difference(&documented()).cloned().collect();
    assert!(unnamed.is_empty(), "not in docs/metrics.md: {unnamed:?}");
    assert!(metrics.len() > 15, "{metrics:?}");
}

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
