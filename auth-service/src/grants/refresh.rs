//! Exchanging a refresh token for its successor and a new access token, and ending a family. The rules are those of
//! [`crate::domain::rotation`].

use uuid::Uuid;

use super::{GrantError, Refusal, UserTokens, seconds_until, sign_for_user};
use crate::domain::refresh_token::{IDLE_LIFE, RefreshToken};
use crate::domain::revocation::Revoked;
use crate::domain::rotation::{Presented, Reason, Verdict};
use crate::state::AppState;
use crate::store::refresh_tokens;

/// One transaction: either the old token is used up and the new one is known, or nothing has happened.
pub async fn refresh(state: &AppState, token: &RefreshToken) -> Result<UserTokens, GrantError> {
    let mut write = state.store.write().await?;
    // After the wait for the transaction: a second tab must not come with a time from before the first's.
    let now = state.clock.now();
    let hash = token.hash();
    let found = refresh_tokens::present(&mut write, &hash, now).await?;
    let found = found.ok_or(Refusal::UnknownToken)?;
    let successor = state.keyring.successor(token);
    let expires_at = match found.verdict(now) {
        Verdict::Rotate => {
            let expires_at = now.plus(IDLE_LIFE).min(found.family_expires_at);
            refresh_tokens::mark_used(&mut write, &hash, now).await?;
            refresh_tokens::insert(&mut write, &successor.hash(), found.family, expires_at).await?;
            expires_at
        }
        Verdict::Repeat => refresh_tokens::expiry(&mut write, &successor.hash()).await?,
        Verdict::Refuse(reason) => {
            if reason == Reason::Reused {
                refresh_tokens::end_family(&mut write, found.family, now).await?;
                // The thief may hold an access token, too.
                let family = Revoked::Family(found.family);
                state.revocations.insert(&mut write, &family, now).await?;
                write.commit().await?;
                state.revocations.ring();
            }
            return Err(refusal(&found, reason).into());
        }
    };
    let (access_token, scope) = sign_for_user(state, found.account, found.role, found.family, now)?;
    write.commit().await?;
    Ok(UserTokens {
        account: found.account,
        access_token,
        scope,
        refresh_token: successor.reveal(),
        refresh_expires_in: seconds_until(expires_at, now),
    })
}

/// Logout: ends the family of the token, its access tokens included. A token that nobody knows ends nothing, and is no error (RFC 7009 section
/// 2.2): what the caller wanted is so already. The account whose family it was, where one was ended.
pub async fn end(state: &AppState, token: &RefreshToken) -> Result<Option<Uuid>, sqlx::Error> {
    let mut write = state.store.write().await?;
    let now = state.clock.now();
    let ended = refresh_tokens::end_family_of(&mut write, &token.hash(), now).await?;
    if let Some((family, _)) = ended {
        let family = Revoked::Family(family);
        state.revocations.insert(&mut write, &family, now).await?;
    }
    write.commit().await?;
    state.revocations.ring();
    Ok(ended.map(|(_, account)| account))
}

fn refusal(found: &Presented, reason: Reason) -> Refusal {
    let (account, family) = (found.account, found.family);
    match reason {
        Reason::Reused => Refusal::Reused { account, family },
        Reason::FamilyEnded => Refusal::FamilyEnded { account, family },
        Reason::Expired => Refusal::Expired { account, family },
        Reason::Locked => Refusal::Locked { account },
    }
}
