//! A Redis in a container.

use std::io::Write;
use std::net::{Ipv4Addr, TcpStream};

use testcontainers::core::IntoContainerPort;
use testcontainers::{ContainerRequest, GenericImage, ImageExt};
use tokio::time::Instant;

use super::{Door, Server};
use crate::container::{Container, Holder, LEASE, READY_WITHIN, Script, run};

/// The image of docker-compose.yml.
const IMAGE: (&str, &str) = ("redis", "7-bookworm");
const PORT: u16 = 6379;

/// The password stands in the environment, where `redis-cli` finds it, and on no command line.
const SCRIPT: Script = Script {
    server: r#"printf 'requirepass %s\nsave ""\nappendonly no\n' "$REDISCLI_AUTH" | redis-server -"#,
    leases: "redis-cli client list 2>/dev/null | grep -c name=escale-lease",
    signal: "KILL",
};

#[derive(Debug)]
pub(super) struct Contained {
    holder: Holder<Container>,
    lease: Option<TcpStream>,
}

impl Contained {
    pub(super) fn begin() -> Self {
        Self {
            holder: Holder::begin(),
            lease: None,
        }
    }

    fn take_lease(&mut self, door: &Door) -> std::io::Result<()> {
        let mut lease = TcpStream::connect((Ipv4Addr::LOCALHOST, door.port))?;
        let password = &door.password;
        write!(lease, "AUTH {password}\r\nCLIENT SETNAME {LEASE}\r\n")?;
        self.lease = Some(lease);
        Ok(())
    }
}

impl Server for Contained {
    fn freeze(&self) {
        let paused = self.holder.ask(async |held| match held {
            Some(container) => container.pause().await,
            None => Ok(()),
        });
        paused.expect("the engine pauses it");
    }

    fn thaw(&self) {
        let unpaused = self.holder.ask(async |held| match held {
            Some(container) => container.unpause().await,
            None => Ok(()),
        });
        unpaused.expect("the engine lets it go on");
    }

    fn kill(&mut self) {
        self.lease = None;
        let killed = self.holder.ask(async |held| match held.take() {
            Some(container) => container.rm().await,
            None => Ok(()),
        });
        killed.expect("the engine kills it");
    }

    fn start(&mut self, door: &Door) -> Result<bool, String> {
        let image = image(door);
        self.holder.ask(async move |held| {
            *held = None;
            *held = Some(run(image, &SCRIPT, Instant::now() + READY_WITHIN).await?);
            Ok::<_, String>(())
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

/// Open to all addresses of the machine, as Docker does it: hence the random password.
fn image(door: &Door) -> ContainerRequest<GenericImage> {
    GenericImage::new(IMAGE.0, IMAGE.1)
        .with_mapped_port(door.port, PORT.tcp())
        .with_env_var("REDISCLI_AUTH", &door.password)
}
