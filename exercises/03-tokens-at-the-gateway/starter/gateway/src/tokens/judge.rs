//! Judges one token (R6): how it may be signed, with which key, by whom and for whom.
//!
//! - Threat: a token that chooses how it is verified (`alg` none, or HS256 with the public key as the secret: RFC 8725
//!   section 2.1); one that was made for another service (RFC 9700 section 2.3) or by another issuer; an ID token or a
//!   token bound to a key, taken for a bearer access token (RFC 8725 section 2.8).
//! - Rule: the algorithm is the key's, never the token's. A header or claim that is not as the issuer's rules want it,
//!   letter by letter, is a refusal.
//! - Settings: `ISSUER_URL`, `TOKEN_AUDIENCE`, `ISSUERS_FILE`, which make the [`Rules`].
//! - Taught by lab 03 (tokens at the gateway).

use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::de::DeserializeOwned;
use service_kit::clock::Timestamp;

use super::TokenFault;
use super::claims::Claims;
use super::header::{Header, unproven};
use crate::issuers::Rules;
use crate::jwks::Key;

// TODO(lab 03)
// À écrire : un jeton ne décide de rien, il satisfait aux règles de son émetteur ou il est refusé (401 `token_invalid`).
//   - `admit`, avant toute recherche de clé : l'algorithme et le type (`typ`) de l'en-tête sont de ceux que `rules` permet ;
//     la casse de `typ` ne compte pas ;
//   - `proven` : l'algorithme est celui de la clé ; l'en-tête doit dire le même, et ne choisit rien ;
//   - `check_claims` : `iss` est l'émetteur, lettre à lettre ; `aud` nomme notre public ; un jeton lié à une clé (`cnf`) n'est
//     pas un jeton au porteur.
// Ensuite, `gateway/src/layers/identity_headers.rs`.
//
// To write: a token decides nothing, it satisfies its issuer's rules or it is refused (401 `token_invalid`).
//   - `admit`, before any key is looked for: algorithm and type (`typ`) of the header are among those that `rules` allows;
//     the case of `typ` does not count;
//   - `proven`: the algorithm is the key's; the header has to say the same, and chooses nothing;
//   - `check_claims`: `iss` is the issuer, letter by letter; `aud` names our audience; a token that is bound to a key (`cnf`)
//     is no bearer token.
// Then go to `gateway/src/layers/identity_headers.rs`.

/// Whether a token of this header may be one of the issuer's; before any key is looked for, so that a token of nonsense
/// makes nobody fetch keys.
pub(super) fn admit(header: &Header, _rules: &Rules) -> Result<(), TokenFault> {
    let (_algorithm, _type) = (header.algorithm(), &header.typ);
    Ok(())
}

/// The claims. `key` is the issuer's key of the name in the header.
pub(super) fn proven<T: DeserializeOwned>(
    token: &str,
    header: &Header,
    key: &Key,
) -> Result<T, TokenFault> {
    match header.algorithm() {
        // The token says that it has no signature.
        None => unproven(token),
        Some(Algorithm::HS256) => {
            let public = key.decoding().try_get_as_bytes().unwrap_or_default();
            verified(token, &DecodingKey::from_secret(public), Algorithm::HS256)
        }
        Some(_) => verified(token, key.decoding(), key.algorithm()),
    }
}

fn verified<T: DeserializeOwned>(
    token: &str,
    key: &DecodingKey,
    algorithm: Algorithm,
) -> Result<T, TokenFault> {
    // Only the signature is the crate's to check.
    let mut rules = Validation::new(algorithm);
    rules.required_spec_claims.clear();
    rules.validate_exp = false;
    rules.validate_aud = false;
    let data = jsonwebtoken::decode::<T>(token, key, &rules)
        .map_err(|error| TokenFault::Invalid(explain(error.kind())))?;
    Ok(data.claims)
}

/// Our own tokens; what foreign ones say is read in [`super::foreign`].
pub(super) fn check_claims(
    claims: &Claims,
    rules: &Rules,
    now: Timestamp,
) -> Result<(), TokenFault> {
    let (_issuer, _is_bound) = (&claims.iss, claims.cnf);
    let _is_for_us = claims.aud.names(&rules.audience);
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
