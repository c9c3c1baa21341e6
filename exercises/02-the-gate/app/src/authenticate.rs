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
    forget_identity(headers);
    // A service has no use for the badge, and who reads a service's memory or logs would have one (T4).
    headers.remove(AUTHORIZATION);
    headers.insert(USER_ID, text(&claims.user)?);
    headers.insert(USER_ROLE, text(&claims.roles.join(","))?);
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

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::http::StatusCode;
    use axum::http::request::Builder;
    use axum::middleware::from_fn_with_state;
    use jsonwebtoken::{EncodingKey, Header};
    use serde_json::{Value, json};
    use tower::ServiceExt;

    use super::*;

    fn key() -> Key {
        Key::or_random("NOBODY_SETS_THIS").expect("a key")
    }

    fn signed(key: &Key, claims: &Value) -> String {
        let key = EncodingKey::from_secret(key.bytes());
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key);
        format!("Bearer {}", token.expect("a token"))
    }

    fn claims(user: &str) -> Value {
        json!({"user": user, "roles": ["user", "guide"], "exp": 9_999_999_999_u64})
    }

    /// What the service would get, or the status that the client gets.
    async fn seen(key: &Key, request: Builder) -> Result<HeaderMap, StatusCode> {
        let echo = async |headers: HeaderMap| (headers, ());
        let app = Router::new()
            .fallback(echo)
            .layer(from_fn_with_state(key.clone(), authenticate));
        let request = request.body(Body::empty()).expect("a request");
        let answer = app.oneshot(request).await.expect("an answer");
        match answer.status() {
            StatusCode::OK => Ok(answer.headers().clone()),
            refused => Err(refused),
        }
    }

    #[tokio::test]
    async fn what_goes_on_says_who_calls_and_holds_no_badge() {
        let key = key();
        let request = Request::get("/").header(AUTHORIZATION, signed(&key, &claims("alice")));
        let headers = seen(&key, request).await.expect("passes");
        assert_eq!(
            (&headers[USER_ID], &headers[USER_ROLE]),
            (
                &HeaderValue::from_static("alice"),
                &HeaderValue::from_static("user,guide")
            )
        );
        assert!(!headers.contains_key(AUTHORIZATION));
    }

    #[tokio::test]
    async fn what_the_client_says_of_himself_is_gone() {
        let key = key();
        let request = Request::get("/")
            .header(AUTHORIZATION, signed(&key, &claims("alice")))
            .header("x-user-id", "bob")
            .header("X-User-Id", "root")
            .header("x-user-role", "admin");
        let headers = seen(&key, request).await.expect("passes");
        for (name, value) in [(USER_ID, "alice"), (USER_ROLE, "user,guide")] {
            let values: Vec<_> = headers.get_all(&name).iter().collect();
            assert_eq!(values, [value]);
        }
    }

    #[tokio::test]
    async fn who_cannot_be_known_goes_no_further() {
        let key = key();
        let mut expired = claims("alice");
        expired["exp"] = json!(1);
        for header in [
            String::new(),
            "Bearer".to_owned(),
            "Basic YTpi".to_owned(),
            "Bearer nonsense".to_owned(),
            signed(&self::key(), &claims("alice")),
            signed(&key, &expired),
            signed(&key, &json!({"user": "alice", "roles": []})),
            signed(&key, &claims("")),
            signed(&key, &claims("alice\r\nx-user-role: admin")),
        ] {
            let request = Request::get("/").header(AUTHORIZATION, &header);
            assert_eq!(
                seen(&key, request).await,
                Err(StatusCode::UNAUTHORIZED),
                "{header}"
            );
        }
        let nothing = seen(&key, Request::get("/")).await;
        assert_eq!(nothing, Err(StatusCode::UNAUTHORIZED));
    }
}
