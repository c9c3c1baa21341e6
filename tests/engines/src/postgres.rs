//! PostgreSQL: one server a test process, shared by its tests; and servers that a test has for itself, to end them.

mod system;

use tokio::sync::OnceCell;

use crate::choice::Choice;
use crate::tally;

pub use system::{PostgresServer, PostgresTls};

const ENGINE: &str = "PostgreSQL";

/// The URL of the shared server's database, without parameters.
pub(crate) async fn shared() -> Option<&'static str> {
    static SHARED: OnceCell<Result<Lent, String>> = OnceCell::const_new();
    match SHARED.get_or_init(lend).await {
        Ok(lent) => {
            tally::lent(ENGINE, lent.from);
            Some(&lent.url)
        }
        Err(why) => {
            tally::skipped(ENGINE, why);
            None
        }
    }
}

struct Lent {
    url: String,
    from: &'static str,
    _server: Option<PostgresServer>,
}

async fn lend() -> Result<Lent, String> {
    let choice = Choice::made();
    if !choice.takes_programs() {
        return Err("ESCALE_ENGINES does not want it".to_owned());
    }
    match PostgresServer::start(None).await {
        Ok(server) => Ok(Lent {
            url: server.url(),
            from: "a program of this system",
            _server: Some(server),
        }),
        // Somebody asked for exactly this one.
        Err(why) if choice == Choice::System => panic!("ESCALE_ENGINES=system, but {why}"),
        Err(why) => Err(why),
    }
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
                tally::lent(ENGINE, "a program of this system");
                Some(server)
            }
            Err(why) => {
                tally::skipped(ENGINE, &why);
                None
            }
        }
    }
}
