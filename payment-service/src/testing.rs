//! What the tests of this service share: a world of a bank and bookings that outlives the service, and a desk, the
//! service on a database that it can be opened on again.

mod desk;
mod requests;
mod world;

use escale_engines::{Database, Engine};
use service_kit::config::{ServerConfig, Settings, StoreConfig};

use crate::test_bank::Ledger;

pub use desk::Desk;
pub use requests::{Answer, internal, send, user};
pub use world::Trouble;

pub fn server_config() -> ServerConfig {
    let settings = Settings::from_pairs(Vec::<(String, String)>::new());
    ServerConfig::read(&settings, 3004).expect("every key has a default")
}

/// The bank's books, and the database that holds them.
pub async fn ledger(engine: Engine) -> (Ledger, Database) {
    let database = engine.database().await;
    let ledger = Ledger::open(&StoreConfig::at(database.url())).await;
    (ledger.expect("a new database"), database)
}
