//! What happens without being asked for.

mod prune_api_keys;
mod prune_refresh_tokens;
mod prune_revocations;
mod rotate_signing_keys;

use std::time::Duration;

pub use prune_api_keys::prune_api_keys;
pub use prune_refresh_tokens::prune_refresh_tokens;
pub use prune_revocations::prune_revocations;
pub use rotate_signing_keys::{KeysError, rotate_signing_keys};
use service_kit::lifecycle::Lifecycle;

use crate::state::AppState;

/// Often, because another instance may have made a key that this one must show.
const KEYS_EVERY: Duration = Duration::from_secs(60);
const PRUNING_EVERY: Duration = Duration::from_secs(600);

pub fn run(state: &AppState, life: &Lifecycle) {
    let keys = state.clone();
    life.every(KEYS_EVERY, move || {
        let state = keys.clone();
        async move {
            if let Err(error) = rotate_signing_keys(&state, state.clock.now()).await {
                tracing::error!(%error, "signing keys were not rotated; the ones in memory serve on");
            }
        }
    });
    let tokens = state.clone();
    life.every(PRUNING_EVERY, move || {
        let state = tokens.clone();
        async move {
            match prune_refresh_tokens(&state, state.clock.now()).await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(rows, "dead refresh tokens were deleted"),
                Err(error) => tracing::error!(%error, "dead refresh tokens were not deleted"),
            }
        }
    });
    let keys = state.clone();
    life.every(PRUNING_EVERY, move || {
        let state = keys.clone();
        async move {
            match prune_api_keys(&state, state.clock.now()).await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(rows, "expired API keys were deleted"),
                Err(error) => tracing::error!(%error, "expired API keys were not deleted"),
            }
        }
    });
    let revocations = state.clone();
    life.every(PRUNING_EVERY, move || {
        let state = revocations.clone();
        async move {
            match prune_revocations(&state, state.clock.now()).await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(rows, "revocations whose tokens are dead were deleted"),
                Err(error) => tracing::error!(%error, "dead revocations were not deleted"),
            }
        }
    });
}
