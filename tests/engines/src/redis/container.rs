//! A Redis in a container, where a Docker engine answers.
//!
//! The engine's client is asynchronous and bound to the runtime that it was made in, while a test may end its own at any
//! time: so a thread of its own keeps the container and takes orders. A killed test process gives no order at all, so
//! the container ends by itself, too, once nobody holds the connection that was opened first, its lease.

use std::io::Write;
use std::net::{Ipv4Addr, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use testcontainers::core::IntoContainerPort;
use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, GenericImage, ImageExt, TestcontainersError};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::{Door, Server};

/// The image of docker-compose.yml.
const IMAGE: (&str, &str) = ("redis", "7-bookworm");
const PORT: u16 = 6379;

/// From the question to the start, the image's way from its registry included.
const READY_WITHIN: Duration = Duration::from_secs(180);

/// The test has a minute to take its lease. The password stands in the environment, where `redis-cli` finds it, and on
/// no command line.
const SCRIPT: &str = r#"
printf 'requirepass %s\nsave ""\nappendonly no\n' "$REDISCLI_AUTH" | redis-server - &
server=$!
leases() { redis-cli client list 2>/dev/null | grep -c name=escale-lease; }
waited=0
until [ "$(leases)" -gt 0 ] || [ "$waited" -ge 60 ]; do
    sleep 1
    waited=$((waited + 1))
done
while [ "$(leases)" -gt 0 ]; do sleep 1; done
kill -KILL "$server"
"#;

#[derive(Debug)]
enum Order {
    Start { port: u16, password: String },
    Pause,
    Unpause,
    Kill,
}

type Answer = Result<(), String>;

/// Dropped, its thread hears no more orders, drops the container and ends.
#[derive(Debug)]
pub(super) struct Contained {
    orders: Sender<(Order, Sender<Answer>)>,
    lease: Option<TcpStream>,
}

impl Contained {
    pub(super) fn begin() -> Self {
        let (orders, heard) = channel();
        std::thread::spawn(move || obey(&heard));
        Self {
            orders,
            lease: None,
        }
    }

    fn order(&self, order: Order) -> Answer {
        let (tells, answer) = channel();
        let given = self.orders.send((order, tells));
        given.expect("the thread lives as long as this value");
        answer.recv().expect("the thread answers each order")
    }

    fn take_lease(&mut self, door: &Door) -> std::io::Result<()> {
        let mut lease = TcpStream::connect((Ipv4Addr::LOCALHOST, door.port))?;
        let password = &door.password;
        write!(lease, "AUTH {password}\r\nCLIENT SETNAME escale-lease\r\n")?;
        self.lease = Some(lease);
        Ok(())
    }
}

impl Server for Contained {
    fn freeze(&self) {
        self.order(Order::Pause).expect("the engine pauses it");
    }

    fn thaw(&self) {
        self.order(Order::Unpause)
            .expect("the engine lets it go on");
    }

    fn kill(&mut self) {
        self.lease = None;
        self.order(Order::Kill).expect("the engine kills it");
    }

    fn start(&mut self, door: &Door) -> Result<bool, String> {
        self.order(Order::Start {
            port: door.port,
            password: door.password.clone(),
        })?;
        if !door.opens(|| false) {
            return Err("it does not answer".to_owned());
        }
        let leased = self.take_lease(door);
        leased.map_err(|error| error.to_string())?;
        Ok(true)
    }

    fn log(&self) -> String {
        "see docker logs".to_owned()
    }
}

fn obey(orders: &Receiver<(Order, Sender<Answer>)>) {
    let runtime = Runtime::new().expect("a runtime");
    let mut container = None;
    while let Ok((order, tells)) = orders.recv() {
        let done = runtime.block_on(obey_one(order, &mut container));
        let _ = tells.send(done.map_err(|error| error.to_string()));
    }
    // Its way out of the engine is asynchronous, too.
    runtime.block_on(async { drop(container) });
}

async fn obey_one(
    order: Order,
    container: &mut Option<ContainerAsync<GenericImage>>,
) -> Result<(), TestcontainersError> {
    match (order, &*container) {
        (Order::Start { port, password }, _) => {
            *container = None;
            *container = Some(run(port, password).await?);
        }
        (Order::Pause, Some(container)) => container.pause().await?,
        (Order::Unpause, Some(container)) => container.unpause().await?,
        (Order::Kill, _) => {
            if let Some(container) = container.take() {
                container.rm().await?;
            }
        }
        (Order::Pause | Order::Unpause, None) => {}
    }
    Ok(())
}

/// Open to all addresses of the machine, as Docker does it: hence the random password.
async fn run(
    port: u16,
    password: String,
) -> Result<ContainerAsync<GenericImage>, TestcontainersError> {
    let image = GenericImage::new(IMAGE.0, IMAGE.1)
        .with_mapped_port(port, PORT.tcp())
        .with_env_var("REDISCLI_AUTH", password)
        .with_cmd(["sh", "-c", SCRIPT])
        .with_host_config_modifier(|config| config.auto_remove = Some(true));
    let started = timeout(READY_WITHIN, image.start()).await;
    started.unwrap_or_else(|_| {
        Err(TestcontainersError::other(
            "the image does not come in time",
        ))
    })
}
