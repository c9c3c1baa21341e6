//! First-party login: pseudo or e-mail address, and password.
//!
//! Whether the account does not exist, is locked, or the password is wrong: the same answer after the same work (one
//! look-up, one counted attempt, one argon2 verification), so that nobody learns who has an account here.

use secrecy::SecretString;
use uuid::Uuid;

use super::{GrantError, Refusal, UserTokens, seconds_until, sign_for_user};
use crate::domain::account::{Account, Identifier};
use crate::domain::lockout;
use crate::domain::refresh_token::{FAMILY_LIFE, IDLE_LIFE, RefreshToken};
use crate::state::AppState;
use crate::store::{accounts, login_attempts, refresh_tokens};

pub async fn login(
    state: &AppState,
    identifier: &str,
    password: &SecretString,
) -> Result<UserTokens, GrantError> {
    let account = find(state, identifier).await?;
    let count = count_attempt(state, account.as_ref(), identifier).await?;
    let stored = account
        .as_ref()
        .map(|account| account.password_hash.as_str());
    let matches = state.passwords.verify(password, stored).await?;
    let account = account.ok_or(Refusal::UnknownAccount)?;
    if !lockout::admits(count) {
        return Err(Refusal::Locked {
            account: account.id,
        }
        .into());
    }
    if !matches {
        let account = account.id;
        return Err(Refusal::WrongPassword { account, count }.into());
    }
    open_family(state, &account).await
}

async fn find(state: &AppState, identifier: &str) -> Result<Option<Account>, sqlx::Error> {
    let pool = state.store.pool();
    match Identifier::of(identifier) {
        Identifier::Pseudo(pseudo) => accounts::by_pseudo(pool, pseudo).await,
        Identifier::Email(email) => {
            accounts::by_email(pool, &state.keyring.email_index(email)).await
        }
    }
}

/// Before the password is looked at ([`lockout`]). A name that no account has is counted too, on a decoy: a write that
/// only known accounts cause would give them away by its time.
async fn count_attempt(
    state: &AppState,
    account: Option<&Account>,
    identifier: &str,
) -> Result<i64, sqlx::Error> {
    let decoy = state.keyring.login_decoy(identifier);
    let subject = account.map_or(decoy, |account| account.id.to_string());
    let mut write = state.store.write().await?;
    let count = login_attempts::count(&mut write, &subject, state.clock.now()).await?;
    write.commit().await?;
    Ok(count)
}

async fn open_family(state: &AppState, account: &Account) -> Result<UserTokens, GrantError> {
    let now = state.clock.now();
    let family = Uuid::new_v4();
    let (access_token, scope) = sign_for_user(state, account.id, account.role, family, now)?;
    let refresh_token = RefreshToken::random();
    let expires_at = now.plus(IDLE_LIFE);
    let mut write = state.store.write().await?;
    login_attempts::clear(&mut write, &account.id.to_string()).await?;
    let family_ends = now.plus(FAMILY_LIFE);
    refresh_tokens::open_family(&mut write, family, account.id, now, family_ends).await?;
    refresh_tokens::insert(&mut write, &refresh_token.hash(), family, expires_at).await?;
    write.commit().await?;
    Ok(UserTokens {
        account: account.id,
        access_token,
        scope,
        refresh_token: refresh_token.reveal(),
        refresh_expires_in: seconds_until(expires_at, now),
    })
}
