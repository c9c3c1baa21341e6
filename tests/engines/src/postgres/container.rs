//! A server in a container, where a Docker engine answers.
//!
//! Statics of a test process are never dropped, and a killed one does nothing at all. So the container ends by itself:
//! it looks whether anybody still holds the connection that this process opens first, its lease. The system closes that
//! when the process is gone, and the engine removes what has ended.

use std::time::Duration;

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use testcontainers::core::IntoContainerPort;
use testcontainers::runners::AsyncRunner;
use testcontainers::{GenericImage, ImageExt};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

/// The image of docker-compose.yml.
const IMAGE: (&str, &str) = ("postgres", "17-bookworm");
const PORT: u16 = 5432;

/// From the question to the first answer, the image's way from its registry included.
const READY_WITHIN: Duration = Duration::from_secs(180);

/// The process has a minute to open its lease. `fsync=off`: nothing outlives the machine.
const SCRIPT: &str = r#"
docker-entrypoint.sh postgres -c fsync=off -c max_connections=400 -c jit=off -c deadlock_timeout=100ms &
server=$!
leases() {
    psql --no-psqlrc --quiet --tuples-only --no-align --username=escale --dbname=postgres \
        --command="SELECT count(*) FROM pg_stat_activity WHERE application_name = 'escale-lease'" 2>/dev/null || echo 0
}
waited=0
until [ "$(leases)" -gt 0 ] || [ "$waited" -ge 60 ]; do
    sleep 1
    waited=$((waited + 1))
done
while [ "$(leases)" -gt 0 ]; do sleep 1; done
kill -INT "$server"
wait "$server"
"#;

/// Its URL; it lives as long as this process.
pub(super) async fn start() -> Result<String, String> {
    let (told, hears) = oneshot::channel();
    // A thread of its own, because the lease must outlive the runtime of the test that asked first.
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            match lease().await {
                Ok((url, _lease)) => {
                    let _ = told.send(Ok(url));
                    std::future::pending().await
                }
                Err(why) => {
                    let _ = told.send(Err(why));
                }
            }
        });
    });
    hears.await.expect("the thread answers")
}

/// All ports of the machine's addresses are open to it, as Docker does it: hence the random password.
async fn lease() -> Result<(String, PgConnection), String> {
    let password = Uuid::new_v4().simple().to_string();
    let image = GenericImage::new(IMAGE.0, IMAGE.1)
        .with_exposed_port(PORT.tcp())
        .with_env_var("POSTGRES_USER", "escale")
        .with_env_var("POSTGRES_PASSWORD", &password)
        .with_cmd(["sh", "-c", SCRIPT])
        .with_host_config_modifier(|config| config.auto_remove = Some(true));
    let deadline = Instant::now() + READY_WITHIN;
    let started = timeout_at(deadline, image.start()).await;
    let started = started.map_err(|_| "the image does not come in time".to_owned())?;
    let container = started.map_err(|error| format!("no Docker engine, or no image ({error})"))?;
    let host = container.get_host().await;
    let port = container.get_host_port_ipv4(PORT).await;
    let (host, port) = match (host, port) {
        (Ok(host), Ok(port)) => (host, port),
        (Err(error), _) | (_, Err(error)) => return Err(format!("no way to it ({error})")),
    };
    // Dropping it would remove it; the lease decides that from here on.
    std::mem::forget(container);
    let url = format!("postgres://escale:{password}@{host}:{port}/postgres");
    let lease = format!("{url}?application_name=escale-lease");
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
