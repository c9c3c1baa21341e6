//! Deletes revocations whose last token is dead.

use service_kit::clock::Timestamp;

use crate::state::AppState;
use crate::store::revocations;

/// Gives how many rows went.
pub async fn prune_revocations(state: &AppState, now: Timestamp) -> Result<u64, sqlx::Error> {
    let mut write = state.store.write().await?;
    let rows = revocations::prune(&mut write, now).await?;
    write.commit().await?;
    Ok(rows)
}
