//! PostgreSQL: one server a test process, shared by its tests; and servers that a test has for itself, to end them.

#[cfg(feature = "containers")]
mod container;
mod system;

use tokio::sync::OnceCell;

use crate::choice::Choice;
use crate::tally;

pub use system::{PostgresServer, PostgresTls};

const ENGINE: &str = "PostgreSQL";
const PROGRAM: &str = "a program of this system";

/// Whether there is a shared server for the test that asks; said and counted.
pub(crate) async fn is_lent() -> bool {
    let shared = shared().await;
    match shared {
        Ok(lent) => tally::lent(ENGINE, lent.from),
        Err(why) => tally::skipped(ENGINE, why),
    }
    shared.is_ok()
}

/// The URL of the shared server's database, without parameters.
pub(crate) async fn url() -> &'static str {
    let lent = shared().await.as_ref();
    &lent.expect("who asks has seen that it is lent").url
}

async fn shared() -> &'static Result<Lent, String> {
    static SHARED: OnceCell<Result<Lent, String>> = OnceCell::const_new();
    SHARED.get_or_init(lend).await
}

struct Lent {
    url: String,
    from: &'static str,
    _server: Option<PostgresServer>,
}

/// The first that works. Where somebody asked for exactly one of them, that it cannot be had is a failure.
async fn lend() -> Result<Lent, String> {
    let choice = Choice::made();
    let mut reasons = Vec::new();
    if choice.takes_containers() {
        match contained().await {
            Ok(url) => return Ok(lent(url, "a container", None)),
            Err(why) => reasons.push(format!("no container: {why}")),
        }
    }
    if choice.takes_programs() {
        match PostgresServer::start(None).await {
            Ok(server) => return Ok(lent(server.url(), PROGRAM, Some(server))),
            Err(why) => reasons.push(format!("no program: {why}")),
        }
    }
    let reasons = reasons.join("; ");
    match choice {
        Choice::Any => Err(reasons),
        Choice::None => Err("ESCALE_ENGINES does not want it".to_owned()),
        Choice::Containers | Choice::System => panic!("ESCALE_ENGINES asks for it, but {reasons}"),
    }
}

fn lent(url: String, from: &'static str, server: Option<PostgresServer>) -> Lent {
    Lent {
        url,
        from,
        _server: server,
    }
}

#[cfg(feature = "containers")]
async fn contained() -> Result<String, String> {
    container::start().await
}

#[cfg(not(feature = "containers"))]
async fn contained() -> Result<String, String> {
    Err("they take the feature `containers` of escale-engines".to_owned())
}

impl PostgresServer {
    /// A server of one's own, to be stopped and started; `None` where there is none, and SKIPPED has been said.
    ///
    /// It is always a program of this system: what is tested with it is what its clients do while it is away.
    pub async fn own() -> Option<Self> {
        Self::own_with(None).await
    }

    /// The same with TLS.
    pub async fn own_with(tls: Option<&PostgresTls>) -> Option<Self> {
        if !Choice::made().takes_programs() {
            tally::skipped(
                ENGINE,
                "a server of its own is a program of this system, and ESCALE_ENGINES does not want one",
            );
            return None;
        }
        match Self::start(tls).await {
            Ok(server) => {
                tally::lent(ENGINE, PROGRAM);
                Some(server)
            }
            Err(why) if Choice::made() == Choice::System => {
                panic!("ESCALE_ENGINES asks for it, but {why}")
            }
            Err(why) => {
                tally::skipped(ENGINE, &why);
                None
            }
        }
    }
}
