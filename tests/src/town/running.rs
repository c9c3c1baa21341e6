//! Starting and stopping the services of a town, and whoever stands in the place of one.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::pin::Pin;

use axum::Router;
use service_kit::config::{Settings, TelemetryConfig};
use service_kit::lifecycle::Lifecycle;
use service_kit::process::Sockets;
use service_kit::traces::Traces;
use tokio::task::JoinHandle;

use super::{Town, start};
use crate::spy::Spy;
use crate::{metrics, misbehaving};

pub(super) struct Running {
    pub(super) life: Lifecycle,
    task: JoinHandle<anyhow::Result<()>>,
}

pub(super) type Started = Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>>;

impl Town {
    /// Stops one service gracefully.
    pub async fn stop(&mut self, service: &str) {
        self.stopping(service).await;
    }

    /// The same for who asks the town for other things meanwhile: the service is told at once, and is gone when what is
    /// given resolves.
    pub fn stopping(&mut self, service: &str) -> impl Future<Output = ()> + use<> {
        let running = self.running.remove(service).expect("a running service");
        running.life.stop();
        ended(running)
    }

    /// Starts it again, on its old address and with its old data.
    pub async fn start_again(&mut self, service: &'static str) {
        self.launch(service, bind(self.addresses[service])).await;
    }

    pub(super) async fn launch(&mut self, service: &'static str, sockets: Sockets) {
        let admin = sockets.admin.local_addr().expect("an address");
        self.admins.insert(service, admin);
        let metrics = sockets.metrics.as_ref().expect("bound with the others");
        let metrics = metrics.local_addr().expect("an address");
        self.metrics.insert(service, metrics);
        if let Some(misbehaving) = self.misbehaving.get(service) {
            let (certificate, key) = self.certs.path(service);
            let tls = misbehaving::tls(&certificate, &key);
            tokio::spawn(misbehaving.clone().serve(sockets.service, tls));
            return;
        }
        let settings = Settings::from_pairs(self.environment(service));
        let mut life = Lifecycle::new(self.clock.clone());
        life.metrics = Some(metrics::handle());
        let telemetry = settings.load(TelemetryConfig::read);
        let collector = telemetry.expect("a configuration").collector;
        life.traces =
            collector.map(|collector| Traces::start(service, &collector).expect("an exporter"));
        let started = match self.stand_in(service) {
            Some(app) => start::spy(app, &settings, sockets, life.clone()),
            None => start::service(service, &settings, sockets, life.clone()),
        };
        let mut task = tokio::spawn(started);
        tokio::select! {
            () = life.ready() => {}
            ended = &mut task => panic!("{service} ended at its start: {ended:?}"),
        }
        self.running.insert(service, Running { life, task });
    }

    fn stand_in(&self, service: &str) -> Option<Router> {
        let mut stand_ins = self.plan.stand_ins.iter();
        let planned = stand_ins.find(|(name, _)| *name == service);
        let spy = self.spies.get(service).map(Spy::app);
        planned.map(|(_, app)| app.clone()).or(spy)
    }
}

async fn ended(running: Running) {
    running.task.await.expect("no panic").expect("a clean stop");
    running.life.finish().await;
    if let Some(traces) = running.life.traces {
        traces.close().await;
    }
}

pub(super) fn any_port() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}

pub(super) fn bind(address: SocketAddr) -> Sockets {
    let listen = |address| {
        let listener = TcpListener::bind(address).expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        listener
    };
    Sockets {
        service: listen(address),
        admin: listen(any_port()),
        metrics: Some(listen(any_port())),
    }
}
