//! How a service runs that only other services call, and that keeps a database: all but the gateway.

use std::sync::Arc;

use axum::Router;

use crate::config::ServerConfig;
use crate::lifecycle::Lifecycle;
use crate::process::Sockets;
use crate::server::{Face, ReadyCheck, Server};
use crate::store::Store;
use crate::tls::Identity;

pub struct InsideService<'a> {
    pub service: &'static str,
    pub sockets: Sockets,
    pub config: &'a ServerConfig,
    pub identity: Identity,
    pub app: Router,
    pub store: Store,
}

impl InsideService<'_> {
    /// Serves until `life` is stopped; ready is: the database answers. The database is closed after the last request
    /// and the last job, so that nothing of theirs stays in its write-ahead log.
    pub async fn serve(self, life: &Lifecycle) -> anyhow::Result<()> {
        let server = Server {
            service: self.service,
            sockets: self.sockets,
            config: self.config,
            identity: self.identity,
            face: Face::Inside,
            app: self.app,
            admin: Router::new(),
            ready: while_it_answers(&self.store),
        };
        let served = server.serve(life).await;
        // A server that failed by itself has told nobody: the jobs would go on for ever.
        life.stop();
        life.finish().await;
        self.store.close().await;
        served
    }
}

fn while_it_answers(store: &Store) -> ReadyCheck {
    let store = store.clone();
    Arc::new(move || {
        let store = store.clone();
        store.tell_connections();
        Box::pin(async move { store.ping().await })
    })
}
