//! Making sure that a client is who it says (RFC 6749 section 2.3).

use secrecy::SecretString;

use crate::domain::client::{Client, SecretHash, is_client_id};
use crate::state::AppState;
use crate::store::clients;

#[derive(Debug)]
pub enum Authentication {
    Known(Box<Client>),
    UnknownClient,
    /// Holds the client's id, for the log.
    WrongSecret(String),
}

/// Does the same work for a client that does not exist, so that the time does not tell which ids do.
pub async fn authenticate(
    state: &AppState,
    id: &str,
    secret: &SecretString,
) -> Result<Authentication, sqlx::Error> {
    // What can be no id is not asked for: PostgreSQL takes no text that holds U+0000, and would fail instead.
    let client = match is_client_id(id) {
        true => clients::by_id(state.store.pool(), id).await?,
        false => None,
    };
    let expected = client
        .as_ref()
        .map_or(&SecretHash::NOBODYS, |client| &client.secret);
    let matches = expected.matches(secret);
    Ok(match client {
        Some(client) if matches => Authentication::Known(Box::new(client)),
        Some(client) => Authentication::WrongSecret(client.id),
        None => Authentication::UnknownClient,
    })
}
