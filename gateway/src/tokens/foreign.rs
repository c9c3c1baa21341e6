//! The claims of a foreign issuer's token, read by its rules: with strict types, as our own are.
//!
//! Providers differ in what they send besides: `jti`, `client_id` and `azp` are not asked for, as nothing here uses
//! them.

use serde_json::Value;

use super::TokenFault;
use super::claims::{Times, Verified};
use crate::issuers::Rules;
use crate::issuers::mapping::{Mapping, user_id};

/// OpenID Connect Core 1.0 section 2: at most 255 ASCII characters.
const LONGEST_SUBJECT: usize = 255;

/// What stands in ID tokens (OpenID Connect Core 1.0 section 3.3.2.11) and in logout tokens; and `cnf`, which binds a
/// token to a key whose possession the gateway does not check (RFC 9449 section 7.1): none of them is a bearer token.
const NOT_OF_BEARER_TOKENS: [&str; 4] = ["at_hash", "c_hash", "events", "cnf"];

/// `claims` are signed by a key of the issuer.
pub(super) fn read(
    claims: &Value,
    rules: &Rules,
    mapping: &Mapping,
    now: i64,
) -> Result<Verified, TokenFault> {
    check_parties(claims, rules)?;
    check_kind(claims)?;
    let times = Times {
        exp: seconds(claims, "exp")?.ok_or(TokenFault::Invalid("exp is missing"))?,
        iat: seconds(claims, "iat")?.ok_or(TokenFault::Invalid("iat is missing"))?,
        nbf: seconds(claims, "nbf")?,
    };
    times.check(now, rules.longest_life)?;
    let subject = claims
        .get("sub")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let is_subject = (1..=LONGEST_SUBJECT).contains(&subject.len()) && subject.is_ascii();
    if !is_subject {
        return Err(TokenFault::Invalid(
            "sub is missing, too long or no plain text",
        ));
    }
    let scopes = mapping.scopes(claims).map_err(TokenFault::Invalid)?;
    let roles = mapping.roles(claims).map_err(TokenFault::Invalid)?;
    let id = user_id(&rules.issuer, subject).to_string();
    Verified::new(&id, &roles, &scopes.join(" "), times.exp)
}

fn check_parties(claims: &Value, rules: &Rules) -> Result<(), TokenFault> {
    if claims.get("iss").and_then(Value::as_str) != Some(&rules.issuer) {
        return Err(TokenFault::Invalid("the issuer is another"));
    }
    let is_ours = match claims.get("aud") {
        Some(Value::String(one)) => *one == rules.audience,
        Some(Value::Array(several)) if several.iter().all(Value::is_string) => several
            .iter()
            .any(|one| one.as_str() == Some(&rules.audience)),
        _ => false,
    };
    if !is_ours {
        return Err(TokenFault::Invalid("the audience is another"));
    }
    Ok(())
}

/// Where `typ` is `JWT` for every kind of token, the header does not tell an ID token from an access token. Keycloak
/// says it in a claim of that name: `Bearer`, `ID`, `Refresh`.
fn check_kind(claims: &Value) -> Result<(), TokenFault> {
    let is_bearer = |kind: &Value| {
        kind.as_str()
            .is_some_and(|kind| kind.eq_ignore_ascii_case("bearer"))
    };
    let is_other = claims.get("typ").is_some_and(|kind| !is_bearer(kind));
    let has_mark = NOT_OF_BEARER_TOKENS
        .iter()
        .any(|name| claims.get(name).is_some());
    if is_other || has_mark {
        return Err(TokenFault::Invalid("this is no bearer access token"));
    }
    Ok(())
}

/// A moment, or none when the claim is absent; `null`, a text or a fraction is neither.
fn seconds(claims: &Value, name: &str) -> Result<Option<i64>, TokenFault> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => match value.as_i64() {
            Some(seconds) => Ok(Some(seconds)),
            None => Err(TokenFault::Invalid("a time is no whole number of seconds")),
        },
    }
}
