//! The badge desk's two doors. Neither knows how a badge is made or checked: `badge.rs` does, and is what there is to
//! write. This file stays as it is.
//!
//! `/login` asks for no password: this lab is about what happens once somebody is known. So everybody gets the role
//! `user`, and nobody can ask for more.

pub mod badge;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header::{AUTHORIZATION, CACHE_CONTROL};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use escale_app_kit::{Key, Refusal};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::badge::BadgeFault;

pub fn app(key: Key) -> Router {
    Router::new()
        .route("/login", post(login))
        .route("/protected", get(protected))
        .with_state(key)
}

#[derive(Deserialize)]
struct Login {
    pseudo: Option<String>,
}

/// J1. A body that cannot be read names nobody either.
async fn login(
    State(key): State<Key>,
    body: Result<Json<Login>, JsonRejection>,
) -> Result<Response, Refusal> {
    let pseudo = body.ok().and_then(|Json(login)| login.pseudo);
    let pseudo = pseudo.as_deref().map(str::trim).unwrap_or_default();
    if pseudo.is_empty() {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "pseudo manquant"));
    }
    let token = badge::issue(&key, pseudo);
    // Whoever has the token is the user: no cache may keep it (RFC 6749 section 5.1).
    let headers = [(CACHE_CONTROL, "no-store")];
    Ok((headers, Json(json!({"token": token}))).into_response())
}

/// J2.
async fn protected(State(key): State<Key>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    let token = bearer_token(&headers).ok_or(Refusal::unauthorized("Token manquant"))?;
    match badge::verify(&key, token) {
        Ok(claims) => Ok(Json(json!({"status": "ok", "user": claims.user}))),
        Err(BadgeFault::Expired) => Err(Refusal::unauthorized("Token expiré")),
        Err(BadgeFault::Invalid) => Err(Refusal::unauthorized("Token invalide")),
    }
}

/// What follows `Bearer` in the header `Authorization`.
fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;
    use axum::http::header::CONTENT_TYPE;
    use axum::http::request::Builder;
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    async fn answer(request: Builder, body: &'static str) -> (StatusCode, Value) {
        let app = app(Key::or_random("NOBODY_SETS_THIS").expect("a key"));
        let request = request.body(Body::from(body)).expect("a request");
        let response = app.oneshot(request).await.expect("an answer");
        let status = response.status();
        let bytes = response.into_body().collect().await.expect("a body");
        let body = serde_json::from_slice(&bytes.to_bytes()).expect("JSON");
        (status, body)
    }

    /// Proves: J1
    #[tokio::test]
    async fn who_gives_no_name_gets_no_badge() {
        for body in [
            "{}",
            r#"{"pseudo": "  "}"#,
            r#"{"pseudo": 7}"#,
            "pseudo",
            "",
        ] {
            let request = Request::post("/login").header(CONTENT_TYPE, "application/json");
            let (status, answer) = answer(request, body).await;
            assert_eq!(status, 400, "{body}");
            assert_eq!(
                answer,
                json!({"success": false, "error": "pseudo manquant"})
            );
        }
    }

    /// Proves: J2
    #[tokio::test]
    async fn who_shows_no_badge_is_told_so() {
        for header in ["", "Bearer", "Bearer  ", "Basic YTpi"] {
            let request = Request::get("/protected").header(AUTHORIZATION, header);
            let (status, answer) = answer(request, "").await;
            assert_eq!(
                (status.as_u16(), &answer["error"]),
                (401, &json!("Token manquant"))
            );
        }
    }
}
