//! The accounts and clients of `SEED_ACCOUNTS_FILE`: what does not exist yet is created at start, what exists is left
//! as it is, its password and role too. This is how a platform gets its first administrator. API keys come with their
//! account and at no other time: one that was revoked does not come back with the next start.

mod file;

use std::path::Path;

use crate::accounts::{self, AccountError};
use crate::api_keys;
use crate::domain::client::Client;
use crate::state::AppState;
use crate::store;
use crate::store::accounts::Taken;
use file::SeedAccount;

/// # Errors
/// The file cannot be read or breaks a rule; nothing is created then.
pub async fn apply(state: &AppState, path: &Path) -> anyhow::Result<()> {
    let seed = file::read(path)?;
    for account in seed.accounts {
        seed_account(state, account).await?;
    }
    for client in seed.clients {
        seed_client(state, client).await?;
    }
    Ok(())
}

async fn seed_account(
    state: &AppState,
    SeedAccount { account, keys }: SeedAccount,
) -> anyhow::Result<()> {
    // Asked first, because at every start but the first there is nothing to hash.
    let known = store::accounts::by_pseudo(state.store.pool(), &account.pseudo).await?;
    if known.is_some() {
        return Ok(());
    }
    match accounts::create(state, account).await {
        Ok(profile) => {
            tracing::info!(account = %profile.id, role = %profile.role, "account seeded");
            for (key, new) in keys {
                let key = api_keys::add(state, profile.id, new, &key).await?;
                tracing::info!(key = %key.id, account = %profile.id, "API key seeded");
            }
        }
        // Another instance starts on the same database, and was quicker.
        Err(AccountError::Taken(Taken::Pseudo)) => {}
        Err(AccountError::Taken(Taken::Email)) => {
            tracing::warn!("an account of the seed file was left out: its e-mail address is taken");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

async fn seed_client(state: &AppState, client: Client) -> anyhow::Result<()> {
    let mut write = state.store.write().await?;
    let created = store::clients::insert(&mut write, &client, state.clock.now()).await?;
    write.commit().await?;
    if created {
        tracing::info!(client = client.id, "client seeded");
    }
    Ok(())
}
