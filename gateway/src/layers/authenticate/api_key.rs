//! The other credential: `X-API-Key`, on routes whose `access` says `api_key = true` (T1).
//!
//! - Threat: a key where a person's token is asked for; a key beside a token, of which the gateway and a service would
//!   each believe another; a key handed on to a service, which could use it elsewhere; a key in the URL (R15).
//! - Rule: the header is taken out of every request, here and on public routes too. One key, no `Authorization`,
//!   nothing in the URL; then [`crate::api_keys`] says whose it is. Elsewhere than in that header none is read.
//! - Answer when it refuses: 400 `ambiguous_header`; 401 `authorization_missing` where the route takes no keys,
//!   `api_key_invalid` otherwise; 503 while nobody can say. No scheme of `WWW-Authenticate` is registered for keys, so
//!   the challenge names the token that would open the route as well.

use axum::extract::Request;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue};
use service_kit::api_key::{API_KEY, ApiKey};
use service_kit::error::{ApiError, Code};

use super::{BARE, ambiguous, has_credentials};
use crate::api_keys::KeyFault;
use crate::route_table::Access;

/// What the client sent as keys: from here on it is in no header.
pub(super) fn take(headers: &mut HeaderMap) -> Vec<HeaderValue> {
    let values = headers.get_all(API_KEY).iter().cloned().collect();
    headers.remove(API_KEY);
    values
}

/// The one key that is shown, as far as it can be judged without asking anybody. `shown`: at least one value of the
/// header.
pub(super) fn read(
    request: &Request,
    access: &Access,
    shown: &[HeaderValue],
) -> Result<ApiKey, ApiError> {
    let [value] = shown else {
        return Err(ambiguous("two X-API-Key headers"));
    };
    if request.headers().contains_key(AUTHORIZATION) {
        return Err(ambiguous("an API key and an Authorization header"));
    }
    if request.uri().query().is_some_and(has_credentials) {
        return Err(ambiguous(
            "an API key in the header and a credential in the query",
        ));
    }
    if !access.takes_api_keys() {
        let missing = challenged(Code::AuthorizationMissing);
        return Err(missing.because("an API key, where a token is asked for"));
    }
    let key = value.to_str().ok().and_then(|text| text.parse().ok());
    key.ok_or_else(|| challenged(Code::ApiKeyInvalid).because("not of the form of a key"))
}

pub(super) fn refusal(fault: KeyFault) -> ApiError {
    match fault {
        KeyFault::Unknown | KeyFault::Expired | KeyFault::Revoked => {
            challenged(Code::ApiKeyInvalid).because(fault)
        }
        KeyFault::NoAnswer | KeyFault::NoRevocations => ApiError::new(Code::ServiceUnavailable)
            .because(fault)
            .retry_after(1),
    }
}

fn challenged(code: Code) -> ApiError {
    ApiError::new(code).with_header(WWW_AUTHENTICATE, BARE)
}

#[cfg(test)]
mod tests;
