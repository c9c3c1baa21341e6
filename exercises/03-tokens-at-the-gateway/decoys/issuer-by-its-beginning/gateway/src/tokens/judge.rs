//! Judges one token (R6): how it may be signed, with which key, by whom and for whom.
//!
//! - Threat: a token that chooses how it is verified (`alg` none, or HS256 with the public key as the secret: RFC 8725
//!   section 2.1); one that was made for another service (RFC 9700 section 2.3) or by another issuer; an ID token or a
//!   token bound to a key, taken for a bearer access token (RFC 8725 section 2.8).
//! - Rule: the algorithm is the key's, never the token's. A header or claim that is not as the issuer's rules want it,
//!   letter by letter, is a refusal.
//! - Settings: `ISSUER_URL`, `TOKEN_AUDIENCE`, `ISSUERS_FILE`, which make the [`Rules`].
//! - Taught by lab 03 (tokens at the gateway).

use jsonwebtoken::Validation;
use serde::de::DeserializeOwned;
use service_kit::clock::Timestamp;

use super::TokenFault;
use super::claims::Claims;
use super::header::Header;
use crate::issuers::Rules;
use crate::jwks::Key;

/// Whether a token of this header may be one of the issuer's; before any key is looked for, so that a token of nonsense
/// makes nobody fetch keys.
pub(super) fn admit(header: &Header, rules: &Rules) -> Result<(), TokenFault> {
    let algorithm = header.algorithm();
    if !algorithm.is_some_and(|algorithm| rules.algorithms.contains(&algorithm)) {
        return Err(TokenFault::Invalid(
            "the algorithm is not one of the issuer's",
        ));
    }
    // Media types ignore case.
    if !rules.types.contains(&header.typ.to_ascii_lowercase()) {
        return Err(TokenFault::Invalid("the type is not one of the issuer's"));
    }
    Ok(())
}

/// The claims, once the signature is known to be the key's. `key` is the issuer's key of the name in the header.
pub(super) fn proven<T: DeserializeOwned>(
    token: &str,
    header: &Header,
    key: &Key,
) -> Result<T, TokenFault> {
    if header.algorithm() != Some(key.algorithm()) {
        return Err(TokenFault::Invalid("the algorithm is not the key's"));
    }
    // Only the signature is the crate's to check; what the claims say is looked at below.
    let mut rules = Validation::new(key.algorithm());
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    let data = jsonwebtoken::decode::<T>(token, key.decoding(), &rules)
        .map_err(|error| TokenFault::Invalid(explain(error.kind())))?;
    Ok(data.claims)
}

/// Our own tokens; what foreign ones say is read in [`super::foreign`].
pub(super) fn check_claims(
    claims: &Claims,
    rules: &Rules,
    now: Timestamp,
) -> Result<(), TokenFault> {
    if !claims.iss.starts_with(&rules.issuer) {
        return Err(TokenFault::Invalid("the issuer is another"));
    }
    if !claims.aud.names(&rules.audience) {
        return Err(TokenFault::Invalid("the audience is another"));
    }
    // `cnf` binds a token to a key (RFC 7800, RFC 8705, RFC 9449) whose possession the gateway does not check: taken as
    // a bearer token, a stolen one would open what its issuer meant to keep closed.
    if claims.cnf {
        return Err(TokenFault::Invalid("this is no bearer access token"));
    }
    claims.check_times(now.seconds(), rules.longest_life)
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
