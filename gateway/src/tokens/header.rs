//! The header of a token (RFC 7515 section 4): read strictly, and believed in nothing but its key's name.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::TokenFault;

/// Exactly these members. `crit` names extensions that we would have to understand (RFC 7515 section 4.1.11), and
/// `jwk`, `jku`, `x5c`, `x5u` are keys that the bearer offers for his own token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    alg: String,
    pub(super) typ: String,
    pub(super) kid: String,
    /// Entra ID and AD FS send the thumbprint of a certificate: no key is in it, and nothing is looked up by it.
    x5t: Option<IgnoredAny>,
    #[serde(rename = "x5t#S256")]
    x5t_s256: Option<IgnoredAny>,
}

/// Only what selects the rules; it is compared again once the signature is known to be good.
#[derive(Deserialize)]
struct Unproven {
    iss: String,
}

impl Header {
    pub(super) fn read(token: &str) -> Result<Self, TokenFault> {
        let (encoded, _) = token
            .split_once('.')
            .ok_or(TokenFault::Invalid("the token is not a JWT"))?;
        let bytes = URL_SAFE_NO_PAD
            .decode(encoded)
            .map_err(|_| TokenFault::Invalid("the header is not base64url"))?;
        serde_json::from_slice(&bytes)
            .map_err(|_| TokenFault::Invalid("the header is not exactly alg, typ and kid"))
    }

    /// What the token says of itself; `None` for whatever we do not know, `none` included.
    pub(super) fn algorithm(&self) -> Option<Algorithm> {
        self.alg.parse().ok()
    }

    pub(super) fn check_is_plain(&self) -> Result<(), TokenFault> {
        if self.x5t.is_some() || self.x5t_s256.is_some() {
            return Err(TokenFault::Invalid("our own tokens have no thumbprint"));
        }
        Ok(())
    }
}

/// Whom the token names as its issuer, true or not.
pub(super) fn claimed_issuer(token: &str) -> Result<String, TokenFault> {
    let Unproven { iss } = unproven(token)?;
    Ok(iss)
}

/// What stands in the claims, whoever wrote it.
pub(super) fn unproven<T: DeserializeOwned>(token: &str) -> Result<T, TokenFault> {
    let payload = token
        .split('.')
        .nth(1)
        .ok_or(TokenFault::Invalid("the token is not a JWT"))?;
    let bytes = URL_SAFE_NO_PAD
        .decode(payload)
        .map_err(|_| TokenFault::Invalid("the claims are not base64url"))?;
    serde_json::from_slice(&bytes)
        .map_err(|_| TokenFault::Invalid("a claim is missing, doubled or of a wrong type"))
}
