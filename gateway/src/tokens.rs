//! Verifies access tokens (RFC 9068, L2, R6): who signed them, for whom, and until when.
//!
//! jsonwebtoken checks the signature. What it does not check, or more loosely, or against the system's clock, is done
//! here: `typ`, unknown header members (`crit`, `jwk`, `jku`, `x5u` ...), strict types, issuer and audience, `exp`,
//! `iat` and `nbf` against the service's clock. The algorithm is ours, never the token's.

mod cache;
mod claims;

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::Deserialize;
use service_kit::clock::{Clock, Timestamp};

use crate::jwks::{Jwks, KeySet};
use crate::metrics::{TOKEN_CACHE_HITS, TOKEN_CACHE_MISSES};
use cache::{Cache, Fingerprint};
use claims::Claims;
pub use claims::Verified;

/// Our own tokens have some 700 bytes; a longer one than this is not worth a hash.
const LONGEST_TOKEN: usize = 8 * 1024;

/// Why a token is refused. The texts are for the log; they quote nothing of the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    #[error("the token has expired")]
    Expired,
    #[error("{0}")]
    Invalid(&'static str),
    /// Nobody can say whether the token is good: the gateway has not had the keys yet.
    #[error("no key of the authorisation server is known")]
    NoKeys,
}

/// The verifier. Clones share keys and cache.
#[derive(Clone)]
pub struct Tokens(Arc<Shared>);

struct Shared {
    jwks: Jwks,
    clock: Clock,
    rules: Validation,
    issuer: String,
    audience: String,
    cache: Cache,
}

/// Exactly these members. `crit` names extensions that we would have to understand (RFC 7515 section 4.1.11), and
/// `jwk`, `jku`, `x5c`, `x5u` are keys that the bearer offers for his own token.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    typ: String,
    kid: String,
}

impl Tokens {
    pub fn new(jwks: Jwks, clock: Clock, issuer: &str, audience: &str) -> Self {
        let mut rules = Validation::new(Algorithm::ES256);
        // Only the signature is the crate's to check; the claims are checked by `Claims`.
        rules.required_spec_claims.clear();
        rules.validate_exp = false;
        rules.validate_aud = false;
        Self(Arc::new(Shared {
            jwks,
            clock,
            rules,
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            cache: Cache::default(),
        }))
    }

    /// # Errors
    /// [`TokenFault::Expired`] for a token that was good; [`TokenFault::Invalid`] for everything else.
    pub async fn verify(&self, token: &str) -> Result<Arc<Verified>, TokenFault> {
        if token.len() > LONGEST_TOKEN {
            return Err(TokenFault::Invalid("the token is too long"));
        }
        let shared = &self.0;
        let now = shared.clock.now();
        let fingerprint = fingerprint(token);
        if let Some(known) = shared
            .cache
            .get(shared.jwks.current().epoch(), &fingerprint)
        {
            metrics::counter!(TOKEN_CACHE_HITS).increment(1);
            return unexpired(known, now);
        }
        metrics::counter!(TOKEN_CACHE_MISSES).increment(1);
        let header = read_header(token)?;
        let keys = shared.jwks.current_for(&header.kid).await;
        if keys.is_empty() {
            return Err(TokenFault::NoKeys);
        }
        let key = keys
            .get(&header.kid)
            .ok_or(TokenFault::Invalid("the key id is unknown"))?;
        let verified = Arc::new(self.check(token, key, now)?);
        self.remember(&keys, fingerprint, &verified);
        Ok(verified)
    }

    fn check(
        &self,
        token: &str,
        key: &DecodingKey,
        now: Timestamp,
    ) -> Result<Verified, TokenFault> {
        let data = jsonwebtoken::decode::<Claims>(token, key, &self.0.rules)
            .map_err(|error| TokenFault::Invalid(explain(error.kind())))?;
        data.claims
            .check_parties(&self.0.issuer, &self.0.audience)?;
        data.claims.check_times(now.seconds())?;
        data.claims.into_verified()
    }

    /// Only that the token is good, and whose it is. What it opens is decided anew at each request: a cache that
    /// holds decisions forgets for which scope they were made (CVE-2021-32701).
    fn remember(&self, keys: &KeySet, fingerprint: Fingerprint, verified: &Arc<Verified>) {
        self.0.cache.insert(keys.epoch(), fingerprint, verified);
    }
}

fn unexpired(verified: Arc<Verified>, now: Timestamp) -> Result<Arc<Verified>, TokenFault> {
    if verified.expires <= now.seconds() {
        return Err(TokenFault::Expired);
    }
    Ok(verified)
}

fn read_header(token: &str) -> Result<Header, TokenFault> {
    let invalid = TokenFault::Invalid;
    let (encoded, _) = token
        .split_once('.')
        .ok_or(invalid("the token is not a JWT"))?;
    let bytes = URL_SAFE_NO_PAD
        .decode(encoded)
        .map_err(|_| invalid("the header is not base64url"))?;
    let header: Header = serde_json::from_slice(&bytes)
        .map_err(|_| invalid("the header is not exactly alg, typ and kid"))?;
    if header.alg != "ES256" {
        return Err(invalid("the algorithm is not ES256"));
    }
    // RFC 9068 section 4: an ID token is not an access token. Media types ignore case.
    let kind = header.typ.to_ascii_lowercase();
    if kind != "at+jwt" && kind != "application/at+jwt" {
        return Err(invalid("the type is not at+jwt"));
    }
    Ok(header)
}

/// The cache never holds a token itself.
fn fingerprint(token: &str) -> Fingerprint {
    let mut bytes = Fingerprint::default();
    bytes.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    bytes
}

/// The crate's own messages may quote claims.
fn explain(kind: &jsonwebtoken::errors::ErrorKind) -> &'static str {
    use jsonwebtoken::errors::ErrorKind;
    match kind {
        ErrorKind::InvalidSignature => "the signature is not the key's",
        ErrorKind::Json(_) => "a claim is missing, doubled or of a wrong type",
        _ => "the token cannot be verified",
    }
}

#[cfg(test)]
mod tests;
