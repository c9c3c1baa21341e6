//! What is started by a word more on the command line.

use std::time::Duration;

use escale_tests::composed::Composed;
use escale_tests::eventually_within;

/// Prometheus finds every container by its name, and each answers. Grafana and Jaeger are not started here: their images
/// are large, and what is ours of them is a data source and a page.
pub(super) async fn prometheus_reads_every_container(platform: &Composed) {
    let engine = platform.engine();
    engine.compose(&[
        "--profile=watch",
        "up",
        "--detach",
        "--no-deps",
        "prometheus",
    ]);
    let prometheus = platform.container("prometheus");
    let up = "count by (component) (up == 1)";
    let ask = ["promtool", "query", "instant", "http://localhost:9090", up];
    eventually_within(Duration::from_secs(60), "all are read", async || {
        let (_, told) = engine.try_docker(&[&["exec", &prometheus], &ask[..]].concat());
        let services = [
            "gateway-1",
            "gateway-2",
            "auth",
            "catalog",
            "booking",
            "payment",
            "bank",
        ];
        services
            .iter()
            .all(|service| told.contains(&format!("component=\"{service}\"")))
    })
    .await;
}

/// The small form: the same images, the same certificates, files in the place of PostgreSQL.
pub(super) async fn one_gateway_on_sqlite_is_enough_for_the_journey(platform: &Composed) {
    platform.down();
    let engine = platform.engine();
    engine.compose(&["--profile=one", "up", "--detach", "--no-build", "one"]);
    platform.healthy(&platform.container("one")).await;
    assert!(engine.containers("postgres").is_empty());
    super::journey(platform);
}
