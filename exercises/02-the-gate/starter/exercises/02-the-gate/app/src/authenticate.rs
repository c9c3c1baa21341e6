//! The gate's middleware: nothing under `/api` goes on without a good badge, and what goes on says who calls.
//!
//! - Threat: a forged or expired badge; a client that writes `x-user-id` himself; a badge that a service could use in
//!   its bearer's name.
//! - Rule: L2, L3, R6, T4. The text of the lab says what they come to.
//! - Answer when it refuses: 401 `Authorization header manquant`, `Token manquant`, `Token expiré`, `Token invalide`.
//! - Taught by lab 02.

use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use escale_app_kit::{Key, Refusal};

use crate::badge::Claims;
use crate::inside::{USER_ID, USER_ROLE};

// TODO(lab 02)
// Cette passerelle laisse passer tout badge qui se laisse lire, et croit le client qui dit lui-même qui il est.
//  1. Un badge que la clé `key` n'a pas signé en HS256 s'arrête ici : « Token invalide ». Échu : « Token expiré ».
//  2. `x-user-id` et `x-user-role` viennent du badge, et de lui seul : ce que le client en dit disparaît, ici comme sur
//     les routes ouvertes (`forget_identity`).
//  3. Le badge du client ne va pas plus loin que la passerelle.
//  4. Un nom qui ne peut pas s'écrire dans un en-tête ne nomme personne : « Token invalide ».
//
// This gate lets each badge pass that can be read, and believes the client who says himself who he is.
//  1. A badge that the key `key` did not sign by HS256 stops here: `Token invalide`. Expired: `Token expiré`.
//  2. `x-user-id` and `x-user-role` come from the badge, and from it alone: what the client says of them goes, here and
//     on the open routes (`forget_identity`).
//  3. The client's badge goes no further than the gate.
//  4. A name that cannot be written into a header names nobody: `Token invalide`.

const INVALID: Refusal = Refusal::unauthorized("Token invalide");

pub async fn authenticate(
    State(key): State<Key>,
    mut request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let claims = verify(&key, bearer_token(request.headers())?)?;
    let headers = request.headers_mut();
    for (name, value) in [(USER_ID, claims.user), (USER_ROLE, claims.roles.join(","))] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.entry(name).or_insert(value);
        }
    }
    Ok(next.run(request).await)
}

/// Takes away what a client says of himself. The gate calls it for the open routes too.
pub fn forget_identity(_headers: &mut HeaderMap) {}

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

fn verify(_key: &Key, token: &str) -> Result<Claims, Refusal> {
    jsonwebtoken::dangerous::insecure_decode_claims(token).map_err(|_| INVALID)
}
