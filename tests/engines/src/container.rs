//! A server in a container, where a Docker engine answers, and the thread that holds it.
//!
//! The engine's client, and a connection to a server, are bound to the runtime that they were made in, while a test may
//! end its own at any time: so a thread with a runtime of its own holds them, and takes orders.
//!
//! Statics of a test process are never dropped, and a killed one does nothing at all. So the container ends by itself:
//! it looks whether anybody still holds the connection that this process opens first, its lease. The system closes that
//! when the process is gone, and the engine removes what has ended.

use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use testcontainers::runners::AsyncRunner;
use testcontainers::{ContainerAsync, ContainerRequest, GenericImage, ImageExt};
use tokio::runtime::Runtime;
use tokio::time::{Instant, timeout_at};

pub(crate) type Container = ContainerAsync<GenericImage>;

/// The name that a lease has at the server.
pub(crate) const LEASE: &str = "escale-lease";

/// From the question to the first answer, the image's way from its registry included.
pub(crate) const READY_WITHIN: Duration = Duration::from_secs(180);

/// The process has a minute to open its lease.
const WATCH: &str = r#"
waited=0
until [ "$(leases)" -gt 0 ] || [ "$waited" -ge 60 ]; do
    sleep 1
    waited=$((waited + 1))
done
while [ "$(leases)" -gt 0 ]; do sleep 1; done
kill "-$signal" "$server"
wait "$server"
"#;

/// What the container's shell runs.
pub(crate) struct Script {
    /// The server, in the foreground.
    pub server: &'static str,
    /// Prints how many leases are held.
    pub leases: &'static str,
    /// Ends the server: `INT`, `KILL`.
    pub signal: &'static str,
}

impl Script {
    fn text(&self) -> String {
        let Self {
            server,
            leases,
            signal,
        } = self;
        format!(
            "leases() {{ {leases}; }}\nsignal={signal}\n{server} &\nserver=$!\n{WATCH}",
            server = server.trim(),
            leases = leases.trim(),
        )
    }
}

/// # Errors
/// There is no engine, no image, or it does not come in time.
pub(crate) async fn run(
    image: ContainerRequest<GenericImage>,
    script: &Script,
    deadline: Instant,
) -> Result<Container, String> {
    let image = image
        .with_cmd(["sh", "-c", &script.text()])
        .with_host_config_modifier(|config| config.auto_remove = Some(true));
    let started = timeout_at(deadline, image.start()).await;
    let started = started.map_err(|_| "the image does not come in time".to_owned())?;
    started.map_err(|error| format!("no Docker engine, or no image ({error})"))
}

type Order<T> = Box<dyn FnOnce(&Runtime, &mut Option<T>) + Send>;

/// Dropped, its thread hears no more orders, drops what it holds and ends.
#[derive(Debug)]
pub(crate) struct Holder<T>(Sender<Order<T>>);

impl<T: 'static> Holder<T> {
    pub fn begin() -> Self {
        let (orders, heard) = channel::<Order<T>>();
        std::thread::spawn(move || {
            let runtime = Runtime::new().expect("a runtime");
            let mut held = None;
            for order in heard {
                order(&runtime, &mut held);
            }
            // A container's way out of the engine is asynchronous, too.
            runtime.block_on(async { drop(held) });
        });
        Self(orders)
    }

    /// Has the thread do this with what it holds, and waits for it.
    pub fn ask<A: Send + 'static>(
        &self,
        work: impl AsyncFnOnce(&mut Option<T>) -> A + Send + 'static,
    ) -> A {
        let (tells, answer) = channel();
        let order: Order<T> = Box::new(move |runtime, held| {
            // Who asks waits for it below.
            let _ = tells.send(runtime.block_on(work(held)));
        });
        let given = self.0.send(order);
        given.expect("the thread lives as long as this value");
        answer.recv().expect("the thread answers each order")
    }
}
