//! Deletes API keys that have expired.

use service_kit::clock::Timestamp;

use crate::state::AppState;
use crate::store::api_keys;

/// Gives how many rows went.
pub async fn prune_api_keys(state: &AppState, now: Timestamp) -> Result<u64, sqlx::Error> {
    let mut write = state.store.write().await?;
    let rows = api_keys::prune(&mut write, now).await?;
    write.commit().await?;
    Ok(rows)
}
