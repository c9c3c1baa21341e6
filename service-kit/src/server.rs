//! The HTTPS server of every service: strict timeouts, capped connections, the peer's identity on each request, a
//! stop that lets running requests finish.

mod acceptor;
mod connections;
mod guard;
mod plain_http;
pub mod proxy_protocol;
pub mod strict;
mod watched;

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use anyhow::Context;
use axum::{Extension, Router};
use axum_server::Handle;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto::Builder;

use crate::admin;
use crate::config::ServerConfig;
use crate::lifecycle::Lifecycle;
use crate::process::Sockets;
use crate::tls::Identity;
use acceptor::Acceptor;

pub use crate::admin::ReadyCheck;
pub use crate::tls::Face;

/// How long a question at the admin address may still take when everything else has ended.
const WATCHERS_WAIT: Duration = Duration::from_secs(1);

pub struct Server<'a> {
    pub service: &'static str,
    pub sockets: Sockets,
    pub config: &'a ServerConfig,
    pub identity: Identity,
    pub face: Face,
    pub app: Router,
    /// More routes for the admin address; what the service's operator may ask and change.
    pub admin: Router,
    pub ready: ReadyCheck,
}

impl Server<'_> {
    /// Serves until `life` is stopped, then lets running requests finish.
    pub async fn serve(self, life: &Lifecycle) -> anyhow::Result<()> {
        let watching = admin::app(self.service, life.clone(), self.ready);
        let admin_handle = Handle::new();
        let metrics = serve_metrics(
            self.sockets.metrics,
            self.config,
            watching.clone(),
            admin_handle.clone(),
        );
        let admin = serve_plain(
            self.sockets.admin,
            self.config,
            watching.merge(self.admin),
            admin_handle.clone(),
        );

        let app = match &life.traces {
            Some(traces) => self.app.layer(Extension(traces.clone())),
            None => self.app,
        };
        let acceptor = Acceptor::new(self.identity, self.face, self.config);
        let handle = Handle::new();
        let address = self.sockets.service.local_addr()?;
        let mut server = axum_server::from_tcp(self.sockets.service)?.acceptor(acceptor);
        harden(server.http_builder(), self.config);
        server.http_builder().http1().header_read_timeout(None);
        let serving = server.handle(handle.clone()).serve(app.into_make_service());

        tracing::info!(%address, "listening");
        life.set_ready();
        let stopping = stop_gracefully(life, handle, self.config.stop_timeout);
        let serving = async {
            let served = serving.await;
            // The last to go: whoever watches sees a service that stops, and not one that is away.
            admin_handle.graceful_shutdown(Some(WATCHERS_WAIT));
            served
        };
        let (served, admin_served, metrics_served, ()) =
            tokio::join!(serving, admin, metrics, stopping);
        served
            .and(admin_served)
            .and(metrics_served)
            .context("the server stopped by itself")?;
        tracing::info!("stopped");
        Ok(())
    }
}

async fn stop_gracefully(life: &Lifecycle, handle: Handle<SocketAddr>, timeout: Duration) {
    life.stopped().await;
    tracing::info!(connections = handle.connection_count(), "stopping");
    handle.graceful_shutdown(Some(timeout));
}

/// `METRICS_ADDR`, where it is set.
async fn serve_metrics(
    listener: Option<TcpListener>,
    config: &ServerConfig,
    app: Router,
    handle: Handle<SocketAddr>,
) -> std::io::Result<()> {
    match listener {
        Some(listener) => serve_plain(listener, config, app, handle).await,
        None => Ok(()),
    }
}

async fn serve_plain(
    listener: TcpListener,
    config: &ServerConfig,
    app: Router,
    handle: Handle<SocketAddr>,
) -> std::io::Result<()> {
    let mut server = axum_server::from_tcp(listener)?.handle(handle);
    harden(server.http_builder(), config);
    // Who calls is part of what an operator's act leaves in the audit log.
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    server.serve(app).await
}

/// hyper has no header timeout and no keep-alive check until it is given a timer. Its header timeout is for the admin
/// address; elsewhere [`strict`] has stopped a slow head before hyper sees it, and hyper's, which would also end a
/// connection between two requests, is taken away.
fn harden(builder: &mut Builder<TokioExecutor>, config: &ServerConfig) {
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(config.header_timeout)
        .max_headers(100)
        .max_buf_size(64 * 1024);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10))
        .max_concurrent_streams(256)
        .max_header_list_size(32 * 1024)
        // CVE-2023-44487: streams that are opened and reset at once end the connection.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(100);
}
