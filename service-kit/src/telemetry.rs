//! What is written and counted: `tracing` to standard output, JSON or pretty, and Prometheus metrics.

use anyhow::Context;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::TelemetryConfig;

/// Sets up logging and metrics for this process. Once, in `main`.
pub fn init(config: &TelemetryConfig) -> anyhow::Result<PrometheusHandle> {
    let filter = EnvFilter::try_new(&config.filter).context("LOG_LEVEL cannot be read")?;
    let registry = tracing_subscriber::registry().with(filter);
    if config.json {
        registry
            .with(tracing_subscriber::fmt::layer().json().flatten_event(true))
            .try_init()?;
    } else {
        registry
            .with(tracing_subscriber::fmt::layer().with_target(false))
            .try_init()?;
    }
    log_panics();
    let buckets = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
    ];
    PrometheusBuilder::new()
        .set_buckets(&buckets)
        .and_then(PrometheusBuilder::install_recorder)
        .context("metrics cannot be set up")
}

/// A panic is logged as any other failure: in the log's format, with its place.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        let text = panic.payload_as_str().unwrap_or("without a text");
        tracing::error!(place, text, "panic");
    }));
}
