//! Creating accounts and showing them to their owners.

use secrecy::SecretString;
use service_kit::clock::Timestamp;
use uuid::Uuid;

use crate::domain::account::Account;
use crate::domain::role::Role;
use crate::keyring::Broken;
use crate::password_hasher::HashingError;
use crate::state::AppState;
use crate::store::accounts::{self, Taken};

/// Already checked against the rules.
#[derive(Debug)]
pub struct NewAccount {
    pub pseudo: String,
    pub email: String,
    pub password: SecretString,
    pub role: Role,
}

/// What an account's owner may see of it.
#[derive(Debug)]
pub struct Profile {
    pub id: Uuid,
    pub pseudo: String,
    pub email: String,
    pub role: Role,
    pub created_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("taken")]
    Taken(Taken),
    #[error(transparent)]
    Hashing(#[from] HashingError),
    #[error("e-mail: {0}")]
    Email(#[from] Broken),
    #[error("store: {0}")]
    Store(#[from] sqlx::Error),
}

pub async fn create(state: &AppState, new: NewAccount) -> Result<Profile, AccountError> {
    let id = Uuid::new_v4();
    let account = Account {
        id,
        pseudo: new.pseudo,
        email_sealed: state
            .keyring
            .emails
            .seal(id.as_bytes(), new.email.as_bytes()),
        password_hash: state.passwords.hash(&new.password).await?,
        role: new.role,
        created_at: state.clock.now(),
    };
    let mut write = state.store.write().await?;
    accounts::insert(&mut write, &account, &state.keyring.email_index(&new.email))
        .await?
        .map_err(AccountError::Taken)?;
    write.commit().await?;
    profile(state, account)
}

/// `None` when the account is gone.
pub async fn find(state: &AppState, id: Uuid) -> Result<Option<Profile>, AccountError> {
    let account = accounts::by_id(state.store.pool(), id).await?;
    account.map(|account| profile(state, account)).transpose()
}

fn profile(state: &AppState, account: Account) -> Result<Profile, AccountError> {
    let email = state
        .keyring
        .emails
        .open(account.id.as_bytes(), &account.email_sealed)?;
    Ok(Profile {
        id: account.id,
        pseudo: account.pseudo,
        email: String::from_utf8(email).map_err(|_| Broken)?,
        role: account.role,
        created_at: account.created_at,
    })
}
