//! What every request of this service can reach.

use std::sync::Arc;

use service_kit::clock::Clock;
use service_kit::config::ServerConfig;
use service_kit::store::Store;

use crate::domain::access_token::Realm;
use crate::key_set::KeySet;
use crate::keyring::Keyring;
use crate::password_hasher::PasswordHasher;
use crate::revocations::Revocations;

#[derive(Debug, Clone)]
pub struct AppState {
    pub clock: Clock,
    pub keyring: Arc<Keyring>,
    pub keys: KeySet,
    pub passwords: PasswordHasher,
    pub realm: Arc<Realm>,
    pub revocations: Revocations,
    pub server: Arc<ServerConfig>,
    pub store: Store,
}
