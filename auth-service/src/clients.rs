//! Making sure that a client is who it says (RFC 6749 section 2.3).

use secrecy::SecretString;

use crate::domain::client::{Client, SecretHash};
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
    let client = clients::by_id(state.store.pool(), id).await?;
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
