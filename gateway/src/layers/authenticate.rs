//! Verifies who calls (L2, R6).
//!
//! - Threat: no token, a forged, foreign, expired or ill-typed one; a token in the URL, where logs and referrers keep
//!   it (R15); two credentials in one request, of which the gateway and a service would each believe another.
//! - Rule: a route is public because the table says so. Everywhere else one `Authorization: Bearer` with a token that
//!   [`crate::tokens`] finds good; or, where the table says that too, an API key ([`api_key`]). Credentials elsewhere
//!   are not read.
//! - Answer when it refuses: 401 `authorization_missing`, `token_missing`, `token_expired`, `token_invalid` with
//!   `WWW-Authenticate` (RFC 6750 section 3); 400 `ambiguous_header`; 503 while no key or no list of revocations is known. The lesson
//!   answers 403 for a bad token; RFC 6750 and the course's other parts say 401, and 403 is kept for rights.
//! - Settings: `ISSUER_URL`, `TOKEN_AUDIENCE`, `AUTH_URL` (where keys and revocations are), `ISSUERS_FILE`.
//! - Taught by lab 03 (tokens at the gateway).

mod api_key;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use service_kit::error::{ApiError, Code};

use super::access_log::Noted;
use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::api_keys::ApiKeys;
use crate::route_table::Access;
use crate::tokens::{TokenFault, Tokens, Verified};

/// Of 401s: how to authenticate (RFC 9110 section 15.5.2). Without credentials the challenge names no error (RFC 6750
/// section 3.1).
const BARE: &str = r#"Bearer realm="escale""#;

/// What the layer asks about credentials.
#[derive(Clone)]
pub struct Verifiers {
    pub tokens: Tokens,
    pub keys: ApiKeys,
}

/// The bearer of a good credential; an extension of the request. A request of a public route has none.
#[derive(Debug, Clone)]
pub struct Caller(pub Arc<Verified>);

pub async fn authenticate(
    State(verifiers): State<Verifiers>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let keys = api_key::take(request.headers_mut());
    if route.access == Access::Public {
        return Ok(next.run(request).await);
    }
    let verified = match keys.as_slice() {
        [] => {
            let token = bearer_token(&request)?;
            verifiers.tokens.verify(token).await.map_err(refusal)?
        }
        shown => {
            let key = api_key::read(&request, &route.access, shown)?;
            let verified = verifiers.keys.verify(&key).await;
            verified.map_err(api_key::refusal)?
        }
    };
    Noted::caller(&request, &verified);
    request.extensions_mut().insert(Caller(verified));
    Ok(next.run(request).await)
}

fn bearer_token(request: &Request) -> Result<&str, ApiError> {
    let mut values = request.headers().get_all(AUTHORIZATION).iter();
    let challenge = |code| ApiError::new(code).with_header(WWW_AUTHENTICATE, BARE);
    let Some(value) = values.next() else {
        return Err(challenge(Code::AuthorizationMissing));
    };
    if values.next().is_some() {
        return Err(ambiguous("two Authorization headers"));
    }
    if request.uri().query().is_some_and(has_credentials) {
        return Err(ambiguous(
            "a token in the header and a credential in the query",
        ));
    }
    let text = value
        .to_str()
        .map_err(|_| refusal(TokenFault::Invalid("the header is not ASCII text")))?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    let token = token.trim_matches(' ');
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(challenge(Code::TokenMissing));
    }
    Ok(token)
}

/// Names are compared in their decoded form, as a service would read them.
fn has_credentials(query: &str) -> bool {
    url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| {
        matches!(
            &*name.to_ascii_lowercase(),
            "access_token" | "jwt" | "token" | "api_key" | "apikey" | "api-key" | "x-api-key"
        )
    })
}

fn ambiguous(cause: &str) -> ApiError {
    ApiError::new(Code::AmbiguousHeader)
        .because(cause)
        .with_header(
            WWW_AUTHENTICATE,
            r#"Bearer realm="escale", error="invalid_request""#,
        )
}

fn refusal(fault: TokenFault) -> ApiError {
    let (code, description) = match fault {
        TokenFault::Expired => (Code::TokenExpired, "The access token expired"),
        TokenFault::Invalid(_) => (Code::TokenInvalid, "The access token is invalid"),
        TokenFault::NoKeys | TokenFault::NoRevocations => {
            return ApiError::new(Code::ServiceUnavailable)
                .because(fault)
                .retry_after(1);
        }
    };
    let challenge = format!(
        r#"Bearer realm="escale", error="invalid_token", error_description="{description}""#
    );
    ApiError::new(code)
        .because(fault)
        .with_header(WWW_AUTHENTICATE, &challenge)
}

#[cfg(test)]
mod tests;
