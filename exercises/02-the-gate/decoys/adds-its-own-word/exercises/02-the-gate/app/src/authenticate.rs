//! The gate's middleware: nothing under `/api` goes on without a good badge, and what goes on says who calls.
//!
//! - Threat: a forged or expired badge; a client that writes `x-user-id` himself; a badge that a service could use in
//!   its bearer's name.
//! - Rule: verify, take away what the client says of himself, then say who he is (L2, L3, R6, T4).
//! - Answer when it refuses: 401 `Authorization header manquant`, `Token manquant`, `Token expiré`, `Token invalide`.
//! - Taught by lab 02.

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use escale_app_kit::{Key, Refusal};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};

use crate::badge::Claims;
use crate::inside::{USER_ID, USER_ROLE};

const INVALID: Refusal = Refusal::unauthorized("Token invalide");

pub async fn authenticate(
    State(key): State<Key>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let claims = verify(&key, bearer_token(request.headers())?)?;
    let headers = request.headers_mut();
    // A service has no use for the badge, and who reads a service's memory or logs would have one (T4).
    headers.remove(AUTHORIZATION);
    headers.append(USER_ID, text(&claims.user)?);
    headers.append(USER_ROLE, text(&claims.roles.join(","))?);
    Ok(next.run(request).await)
}

/// Takes away what a client says of himself. The gate calls it for the open routes too.
pub fn forget_identity(headers: &mut HeaderMap) {
    headers.remove(USER_ID);
    headers.remove(USER_ROLE);
}

fn bearer_token(headers: &HeaderMap) -> Result<&str, Refusal> {
    let header = headers.get(AUTHORIZATION);
    let header = header.ok_or(Refusal::unauthorized("Authorization header manquant"))?;
    let (scheme, token) = header
        .to_str()
        .unwrap_or_default()
        .split_once(' ')
        .unwrap_or_default();
    match token.trim() {
        token if scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() => Ok(token),
        _ => Err(Refusal::unauthorized("Token manquant")),
    }
}

fn verify(key: &Key, token: &str) -> Result<Claims, Refusal> {
    let mut rules = Validation::new(Algorithm::HS256);
    rules.leeway = 0;
    let key = DecodingKey::from_secret(key.bytes());
    match jsonwebtoken::decode(token, &key, &rules) {
        Ok(token) => Ok(token.claims),
        Err(error) if *error.kind() == ErrorKind::ExpiredSignature => {
            Err(Refusal::unauthorized("Token expiré"))
        }
        Err(_) => Err(INVALID),
    }
}

/// A name that would break its header names nobody.
fn text(value: &str) -> Result<HeaderValue, Refusal> {
    HeaderValue::from_str(value)
        .ok()
        .filter(|_| !value.is_empty())
        .ok_or(INVALID)
}
