//! Starts a service by its name, exactly as its `main` does after it has read the environment.

use std::sync::Arc;

use axum::Router;
use service_kit::config::{KitConfig, Settings};
use service_kit::lifecycle::Lifecycle;
use service_kit::process::Sockets;
use service_kit::server::{Face, Server};
use service_kit::stack::service_stack;
use service_kit::tls::Identity;

use super::SECOND_GATEWAY;
use super::running::Started;

macro_rules! started {
    ($library:path, $settings:expr, $sockets:expr, $life:expr) => {{
        use $library as library;
        let config = $settings
            .load(library::Config::read)
            .expect("a whole configuration");
        Box::pin(library::start(config, $sockets, $life))
    }};
}

pub(super) fn service(
    name: &str,
    settings: &Settings,
    sockets: Sockets,
    life: Lifecycle,
) -> Started {
    match name {
        "auth" => started!(auth_service, settings, sockets, life),
        "catalog" => started!(catalog_service, settings, sockets, life),
        "booking" => started!(booking_service, settings, sockets, life),
        "payment" => started!(payment_service, settings, sockets, life),
        "bank" => started!(payment_service::test_bank, settings, sockets, life),
        "gateway" | SECOND_GATEWAY => started!(gateway, settings, sockets, life),
        other => panic!("{other} is no service"),
    }
}

/// A spy serves with the real server and stack, and with the certificate of the service whose place it takes.
pub(super) fn spy(app: Router, settings: &Settings, sockets: Sockets, life: Lifecycle) -> Started {
    let config = settings
        .load(|settings| KitConfig::read(settings, 0))
        .expect("a configuration");
    Box::pin(async move {
        let server = Server {
            service: "spy",
            sockets,
            config: &config.server,
            identity: Identity::load(&config.tls, &life)?,
            face: Face::Inside,
            admin: Router::new(),
            app: service_stack(app, &config.server),
            ready: Arc::new(|| Box::pin(std::future::ready(true))),
        };
        server.serve(&life).await
    })
}
