//! UserService: who there is, and the desk where badges are made (`POST /login`, J1).
//!
//! It believes `x-user-id` and `x-user-role`, because only the gate gets through [`only_the_gate`] (L3).

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use escale_app_kit::{Key, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::badge;
use crate::inside::Caller;
use crate::only_the_gate::only_the_gate;

#[derive(Serialize)]
struct User {
    id: &'static str,
    email: &'static str,
}

const USERS: [User; 3] = [
    User {
        id: "alice",
        email: "alice.martin@exemple.fr",
    },
    User {
        id: "bob",
        email: "bob.durand@exemple.fr",
    },
    User {
        id: "chloe",
        email: "chloe.petit@exemple.fr",
    },
];

pub fn app(badge_key: Key, pass: Key) -> Router {
    Router::new()
        .route("/login", post(login))
        .route("/users", get(all))
        .route("/users/me", get(me))
        .with_state(badge_key)
        .layer(from_fn_with_state(pass, only_the_gate))
}

#[derive(Deserialize)]
struct Login {
    pseudo: Option<String>,
}

/// No password, as in lab 01: what matters here comes after it. So no badge is an administrator's.
async fn login(
    State(key): State<Key>,
    body: Result<Json<Login>, JsonRejection>,
) -> Result<Response, Refusal> {
    let pseudo = body.ok().and_then(|Json(login)| login.pseudo);
    let pseudo = pseudo.filter(|pseudo| !pseudo.trim().is_empty());
    let pseudo = pseudo.ok_or(Refusal::new(StatusCode::BAD_REQUEST, "pseudo manquant"))?;
    let known = USERS.iter().find(|user| user.id == pseudo);
    let user = known.ok_or(Refusal::unauthorized("pseudo inconnu"))?;
    let headers = [(CACHE_CONTROL, "no-store")];
    let body = Json(json!({"token": badge::issue(&key, user.id)}));
    Ok((headers, body).into_response())
}

async fn me(caller: Caller) -> Json<Value> {
    let user = USERS.iter().find(|user| user.id == caller.id);
    Json(json!({"id": caller.id, "email": user.map(|user| user.email)}))
}

/// Everybody's address is an administrator's business.
async fn all(caller: Caller) -> Result<Json<[User; 3]>, Refusal> {
    caller.must_be("admin")?;
    Ok(Json(USERS))
}
