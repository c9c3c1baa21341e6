//! The header of a token (RFC 7515 section 4): read strictly, and believed in nothing but its key's name.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::TokenFault;
use crate::issuers::Rules;

/// Exactly these members. `crit` names extensions that we would have to understand (RFC 7515 section 4.1.11), and
/// `jwk`, `jku`, `x5c`, `x5u` are keys that the bearer offers for his own token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Header {
    alg: String,
    typ: String,
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

    /// The algorithm, when the issuer's rules allow it; before any key is looked for, so that a token of nonsense makes
    /// nobody fetch keys.
    pub(super) fn algorithm(&self, rules: &Rules) -> Result<Algorithm, TokenFault> {
        let has_thumbprint = self.x5t.is_some() || self.x5t_s256.is_some();
        if has_thumbprint && rules.mapping.is_none() {
            return Err(TokenFault::Invalid("our own tokens have no thumbprint"));
        }
        let algorithm = self.alg.parse().ok();
        let algorithm = algorithm
            .filter(|algorithm| rules.algorithms.contains(algorithm))
            .ok_or(TokenFault::Invalid(
                "the algorithm is not one of the issuer's",
            ))?;
        // Media types ignore case.
        if !rules.types.contains(&self.typ.to_ascii_lowercase()) {
            return Err(TokenFault::Invalid("the type is not one of the issuer's"));
        }
        Ok(algorithm)
    }
}

/// Whom the token names as its issuer, true or not.
pub(super) fn claimed_issuer(token: &str) -> Result<String, TokenFault> {
    let payload = token
        .split('.')
        .nth(1)
        .ok_or(TokenFault::Invalid("the token is not a JWT"))?;
    let bytes = URL_SAFE_NO_PAD
        .decode(payload)
        .map_err(|_| TokenFault::Invalid("the claims are not base64url"))?;
    let Unproven { iss } = serde_json::from_slice(&bytes)
        .map_err(|_| TokenFault::Invalid("the issuer is missing, doubled or no text"))?;
    Ok(iss)
}
