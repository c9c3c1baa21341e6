//! What an access token says (RFC 9068 section 2.2).

use std::time::Duration;

use serde::{Deserialize, Serialize};
use service_kit::clock::Timestamp;
use uuid::Uuid;

use super::client::{Client, FIRST_PARTY};
use super::role::Role;
use super::scope::Scopes;

/// Short (R8): a gateway that cannot be told of a revocation believes a token for this long at the most.
pub const LIFE: Duration = Duration::from_secs(900);

/// Who issues and for whom: the same in all tokens.
#[derive(Debug, Clone)]
pub struct Realm {
    /// `iss`: the public URL of the platform, without a slash at its end.
    pub issuer: String,
    /// `aud`: the platform's APIs.
    pub audience: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub sub: String,
    pub aud: String,
    pub exp: i64,
    pub iat: i64,
    pub jti: Uuid,
    pub client_id: String,
    pub scope: String,
    pub roles: Vec<String>,
    /// The refresh family, so that ending it can end its access tokens; users only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<Uuid>,
}

impl Claims {
    pub fn for_user(
        realm: &Realm,
        account: Uuid,
        role: Role,
        family: Uuid,
        now: Timestamp,
    ) -> Self {
        Self {
            sub: account.to_string(),
            client_id: FIRST_PARTY.to_owned(),
            scope: role.scopes().to_string(),
            roles: vec![role.to_string()],
            sid: Some(family),
            ..Self::bare(realm, now)
        }
    }

    /// `scopes`: those granted, not all that the client may ask for.
    pub fn for_client(realm: &Realm, client: &Client, scopes: &Scopes, now: Timestamp) -> Self {
        Self {
            sub: client.id.clone(),
            client_id: client.id.clone(),
            scope: scopes.to_string(),
            ..Self::bare(realm, now)
        }
    }

    fn bare(realm: &Realm, now: Timestamp) -> Self {
        Self {
            iss: realm.issuer.clone(),
            sub: String::new(),
            aud: realm.audience.clone(),
            exp: now.plus(LIFE).seconds(),
            iat: now.seconds(),
            jti: Uuid::new_v4(),
            client_id: String::new(),
            scope: String::new(),
            roles: Vec::new(),
            sid: None,
        }
    }
}
