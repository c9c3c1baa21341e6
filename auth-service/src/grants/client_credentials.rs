//! An application asks in its own name (RFC 6749 section 4.4). No refresh token: it can always come back with its
//! secret (section 4.4.3).

use secrecy::SecretString;

use super::{GrantError, Refusal};
use crate::domain::access_token::Claims;
use crate::domain::client::Client;
use crate::domain::scope::Scopes;
use crate::state::AppState;

#[derive(Debug)]
pub struct ClientToken {
    pub access_token: SecretString,
    pub scope: String,
}

/// `client` has been authenticated. `scope`: the parameter as it came.
pub fn client_credentials(
    state: &AppState,
    client: &Client,
    scope: Option<&str>,
) -> Result<ClientToken, GrantError> {
    let scopes = granted(client, scope)?;
    let now = state.clock.now();
    let claims = Claims::for_client(&state.realm, client, &scopes, now);
    let token = state.keys.sign(&claims, now)?;
    Ok(ClientToken {
        access_token: token.into(),
        scope: claims.scope,
    })
}

/// RFC 6749 section 3.3 lets a server give a default, or less than was asked. Both hide mistakes: a client that forgot
/// its scope would silently hold every right it is registered for, one that asked for too much would fail only later,
/// at a resource. So this server wants to be told, and says no.
fn granted(client: &Client, scope: Option<&str>) -> Result<Scopes, Refusal> {
    let name = || client.id.clone();
    let asked = scope.ok_or_else(|| Refusal::ScopeMissing { client: name() })?;
    let scopes = Scopes::parse(asked).ok_or_else(|| Refusal::ScopeMalformed { client: name() })?;
    if scopes.is_within(&client.scopes) {
        Ok(scopes)
    } else {
        Err(Refusal::ScopeTooWide { client: name() })
    }
}
