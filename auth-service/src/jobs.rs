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
    prune(state, life, "refresh tokens", |state| async move {
        prune_refresh_tokens(&state, state.clock.now()).await
    });
    prune(state, life, "API keys", |state| async move {
        prune_api_keys(&state, state.clock.now()).await
    });
    prune(state, life, "revocations", |state| async move {
        prune_revocations(&state, state.clock.now()).await
    });
}

/// `job` deletes what is dead and gives how many rows went.
fn prune<F>(state: &AppState, life: &Lifecycle, what: &'static str, job: fn(AppState) -> F)
where
    F: Future<Output = Result<u64, sqlx::Error>> + Send + 'static,
{
    let state = state.clone();
    life.every(PRUNING_EVERY, move || {
        let pruned = job(state.clone());
        async move {
            match pruned.await {
                Ok(0) => {}
                Ok(rows) => tracing::info!(what, rows, "the dead ones were deleted"),
                Err(error) => tracing::error!(what, %error, "the dead ones were not deleted"),
            }
        }
    });
}
