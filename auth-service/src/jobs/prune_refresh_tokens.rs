//! Deletes refresh tokens and families that can never be used again.

use std::time::Duration;

use service_kit::clock::Timestamp;

use crate::state::AppState;
use crate::store::refresh_tokens;

/// The dead are left alone for so long. A refresh that began in a token's last moment holds the token's family and
/// comes for the token; this job holds the token and comes for the family: in PostgreSQL each would wait for the other.
const AFTER: Duration = Duration::from_secs(60);

/// Gives how many rows went.
pub async fn prune_refresh_tokens(state: &AppState, now: Timestamp) -> Result<u64, sqlx::Error> {
    let mut write = state.store.write().await?;
    let rows = refresh_tokens::prune(&mut write, now.minus(AFTER)).await?;
    write.commit().await?;
    Ok(rows)
}
