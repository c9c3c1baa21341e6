//! The ways to an access token, one a file. Whatever the way, the account or client is looked up in the data at that
//! moment (R3): a token is never granted on the word of an older one.

mod client_credentials;
mod login;
mod refresh;

pub use client_credentials::{ClientToken, client_credentials};
pub use login::login;
pub use refresh::{end, refresh};
use secrecy::SecretString;
use service_kit::clock::Timestamp;
use uuid::Uuid;

use crate::domain::access_token::Claims;
use crate::domain::role::Role;
use crate::key_set::SigningError;
use crate::password_hasher::HashingError;
use crate::state::AppState;

/// What a user gets.
#[derive(Debug)]
pub struct UserTokens {
    pub account: Uuid,
    pub access_token: SecretString,
    pub scope: String,
    pub refresh_token: SecretString,
    /// Seconds.
    pub refresh_expires_in: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Hashing(#[from] HashingError),
    #[error(transparent)]
    Signing(#[from] SigningError),
    #[error("store: {0}")]
    Store(#[from] sqlx::Error),
}

/// Why a grant was refused. This is what the log reads; the client reads the same words for all of them. Accounts are
/// named by their ids, never by pseudo or address (R20).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("no such account")]
    UnknownAccount,
    #[error("account {account}: wrong password, attempt {count}")]
    WrongPassword { account: Uuid, count: i64 },
    #[error("account {account}: locked")]
    Locked { account: Uuid },
    #[error("no such refresh token")]
    UnknownToken,
    #[error("account {account}: refresh token or family {family} expired")]
    Expired { account: Uuid, family: Uuid },
    #[error("account {account}: refresh family {family} has ended")]
    FamilyEnded { account: Uuid, family: Uuid },
    #[error("account {account}: refresh token used again, family {family} ended")]
    Reused { account: Uuid, family: Uuid },
    #[error("client {client}: no scope asked for")]
    ScopeMissing { client: String },
    #[error("client {client}: the scope breaks the grammar")]
    ScopeMalformed { client: String },
    #[error("client {client}: a scope beyond the registered ones")]
    ScopeTooWide { client: String },
}

impl Refusal {
    /// Whose account it was about, as far as that is known.
    pub fn account(&self) -> Option<Uuid> {
        match self {
            Self::WrongPassword { account, .. }
            | Self::Locked { account }
            | Self::Expired { account, .. }
            | Self::FamilyEnded { account, .. }
            | Self::Reused { account, .. } => Some(*account),
            Self::UnknownAccount
            | Self::UnknownToken
            | Self::ScopeMissing { .. }
            | Self::ScopeMalformed { .. }
            | Self::ScopeTooWide { .. } => None,
        }
    }
}

/// An access token of a user, and its scope.
fn sign_for_user(
    state: &AppState,
    account: Uuid,
    role: Role,
    family: Uuid,
    now: Timestamp,
) -> Result<(SecretString, String), SigningError> {
    let claims = Claims::for_user(&state.realm, account, role, family, now);
    let token = state.keys.sign(&claims, now)?;
    Ok((token.into(), claims.scope))
}

/// Whole seconds from now on.
fn seconds_until(moment: Timestamp, now: Timestamp) -> i64 {
    (moment.0 - now.0).div_euclid(1000)
}
