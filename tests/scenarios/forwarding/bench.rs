//! The gateway with a service that misbehaves behind it.

use escale_tests::{Answer, Misbehaving, Plan, Town, Visitor};
use tokio::io::AsyncWriteExt;

/// A town with a catalogue that misbehaves, and deadlines of a second.
pub(super) struct Bench {
    pub town: Town,
    pub user: Visitor,
    _routes: tempfile::TempDir,
}

impl Bench {
    pub async fn start(plan: Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let routes = folder.path().join("routes.toml");
        let quick =
            gateway::route_table::BUILT_IN
                .lines()
                .map(|line| match line.split_once(" = ") {
                    Some(("deadline_ms", _)) => "deadline_ms = 1000".to_owned(),
                    _ => line.to_owned(),
                });
        std::fs::write(&routes, quick.collect::<Vec<_>>().join("\n")).unwrap();
        let mut plan = plan;
        let routes = routes.display().to_string();
        plan.settings.push(("gateway", "ROUTES_FILE", routes));
        let town = Town::planned(plan).await;
        let user = town.user().await;
        Self {
            town,
            user,
            _routes: folder,
        }
    }

    pub async fn with_catalog() -> Self {
        Self::start(Plan {
            misbehaving: vec!["catalog"],
            ..Plan::default()
        })
        .await
    }

    pub fn catalog(&self) -> &Misbehaving {
        &self.town.misbehaving["catalog"]
    }

    pub async fn tours(&self) -> Answer {
        self.user.get("/api/tours").await
    }

    /// A request to the catalogue over HTTP/1.1, written by hand.
    pub async fn by_hand(
        &self,
        head: &str,
    ) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
        let mut stream = self.town.tls_stream().await;
        let request = format!(
            "{head}\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n\r\n",
            self.user.token()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        stream
    }
}
