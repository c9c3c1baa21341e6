//! What the tests of this service share: a world of a bank and bookings that outlives the service, and a desk, the
//! service on a file that it can be opened on again.

mod desk;
mod requests;
mod world;

use service_kit::config::{ServerConfig, Settings, StoreConfig};
use tempfile::TempDir;

use crate::test_bank::Ledger;

pub use desk::Desk;
pub use requests::{Answer, internal, send, user};
pub use world::Trouble;

pub fn server_config() -> ServerConfig {
    let settings = Settings::from_pairs(Vec::<(String, String)>::new());
    ServerConfig::read(&settings, 3004).expect("every key has a default")
}

pub fn store_config(folder: &TempDir, name: &str) -> StoreConfig {
    let file = folder.path().join(name);
    StoreConfig {
        url: format!("sqlite:{}", file.display()).into(),
        connections: 4,
    }
}

/// The bank's books in a temporary folder, which lives as long as what is returned.
pub async fn ledger() -> (Ledger, TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ledger = Ledger::open(&store_config(&folder, "bank.db")).await;
    (ledger.expect("a new database"), folder)
}
