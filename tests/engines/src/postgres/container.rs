//! A server in a container, shared by the tests of this process.

use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use testcontainers::core::IntoContainerPort;
use testcontainers::{GenericImage, ImageExt};
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::container::{Holder, LEASE, READY_WITHIN, Script, run};

/// The image of docker-compose.yml.
const IMAGE: (&str, &str) = ("postgres", "17-bookworm");
const PORT: u16 = 5432;

/// `fsync=off`: nothing outlives the machine.
const SCRIPT: Script = Script {
    server: "docker-entrypoint.sh postgres -c fsync=off -c max_connections=400 -c jit=off -c deadlock_timeout=100ms",
    leases: r#"
psql --no-psqlrc --quiet --tuples-only --no-align --username=escale --dbname=postgres \
    --command="SELECT count(*) FROM pg_stat_activity WHERE application_name = 'escale-lease'" 2>/dev/null || echo 0"#,
    signal: "INT",
};

/// Its URL; it lives as long as this process.
pub(super) async fn start() -> Result<String, String> {
    let started = tokio::task::spawn_blocking(|| {
        let holder = Holder::begin();
        let url = holder.ask(async |held| {
            let (url, lease) = lease().await?;
            *held = Some(lease);
            Ok(url)
        });
        if url.is_ok() {
            // Nobody gives this lease back: the end of the process does.
            std::mem::forget(holder);
        }
        url
    });
    started.await.expect("no panic while PostgreSQL starts")
}

/// All ports of the machine's addresses are open to it, as Docker does it: hence the random password.
async fn lease() -> Result<(String, PgConnection), String> {
    let password = Uuid::new_v4().simple().to_string();
    let image = GenericImage::new(IMAGE.0, IMAGE.1)
        .with_exposed_port(PORT.tcp())
        .with_env_var("POSTGRES_USER", "escale")
        .with_env_var("POSTGRES_PASSWORD", &password);
    let deadline = Instant::now() + READY_WITHIN;
    let container = run(image, &SCRIPT, deadline).await?;
    let host = container.get_host().await;
    let port = container.get_host_port_ipv4(PORT).await;
    let (host, port) = match (host, port) {
        (Ok(host), Ok(port)) => (host, port),
        (Err(error), _) | (_, Err(error)) => return Err(format!("no way to it ({error})")),
    };
    // Dropping it would remove it; the lease decides that from here on.
    std::mem::forget(container);
    let url = format!("postgres://escale:{password}@{host}:{port}/postgres");
    let lease = format!("{url}?application_name={LEASE}");
    loop {
        match PgConnection::connect(&lease).await {
            Ok(connection) => return Ok((url, connection)),
            Err(error) if Instant::now() > deadline => {
                return Err(format!("its PostgreSQL does not answer ({error})"));
            }
            Err(_) => sleep(Duration::from_millis(100)).await,
        }
    }
}
