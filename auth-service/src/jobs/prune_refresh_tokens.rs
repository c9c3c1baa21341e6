//! Deletes refresh tokens and families that can never be used again.

use service_kit::clock::Timestamp;

use crate::state::AppState;
use crate::store::refresh_tokens;

/// Gives how many rows went.
pub async fn prune_refresh_tokens(state: &AppState, now: Timestamp) -> Result<u64, sqlx::Error> {
    let mut write = state.store.write().await?;
    let rows = refresh_tokens::prune(&mut write, now).await?;
    write.commit().await?;
    Ok(rows)
}
