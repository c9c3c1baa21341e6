//! The services' own door: who does not show the gate's pass is not served, whatever else he says.
//!
//! - Threat: whoever reaches a service's port walks around the gate and writes `x-user-id: alice` himself (L1, L3).
//! - Rule: one header, `x-gate-pass`, equal to the secret that the gate and the services share.
//! - Answer when it refuses: 403 `Passez par la passerelle`.
//! - Limit: a secret that is sent can be overheard and used by who heard it, and it is the same for everybody. Labs 07 and
//!   08 replace it by TLS and certificates.
//! - Taught by lab 02.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use escale_app_kit::{Key, Refusal};

use crate::inside::GATE_PASS;

pub async fn only_the_gate(
    State(pass): State<Key>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    if !shows(request.headers(), &pass) {
        let error = "Passez par la passerelle";
        return Err(Refusal::new(StatusCode::FORBIDDEN, error));
    }
    Ok(next.run(request).await)
}

fn shows(headers: &HeaderMap, pass: &Key) -> bool {
    let mut shown = headers.get_all(GATE_PASS).iter();
    let (Some(shown), None) = (shown.next(), shown.next()) else {
        return false;
    };
    // Every byte is looked at, right or wrong: the time tells nothing.
    let pairs = shown.as_bytes().iter().zip(pass.bytes());
    pairs.fold(0, |differences, (one, other)| differences | (one ^ other)) == 0
}
