//! The services' own door: who does not show the gate's pass is not served, whatever else he says.
//!
//! - Threat: whoever reaches a service's port walks around the gate and writes `x-user-id: alice` himself (L1, L3).
//! - Rule: one header, `x-gate-pass`, equal to the secret that the gate and the services share.
//! - Answer when it refuses: 403 `Passez par la passerelle`.
//! - Limit: a secret that is sent can be overheard and used by who heard it, and it is the same for everybody. Labs 07 and
//!   08 replace it by TLS and certificates.
//! - Taught by lab 02.

use aws_lc_rs::constant_time::verify_slices_are_equal;
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
    match (shown.next(), shown.next()) {
        // In a time that does not tell how many of its first bytes were right.
        (Some(shown), None) => verify_slices_are_equal(shown.as_bytes(), pass.bytes()).is_ok(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const PASS: &str = "0123456789abcdef0123456789abcdef";

    fn is_let_in(shown: &[&'static str]) -> bool {
        let pass = Key::new(PASS.as_bytes()).expect("long enough");
        let headers = shown
            .iter()
            .map(|one| (GATE_PASS, HeaderValue::from_static(one)));
        let mut all = HeaderMap::new();
        headers.for_each(|(name, value)| {
            all.append(name, value);
        });
        shows(&all, &pass)
    }

    #[test]
    fn only_the_whole_pass_shown_once_opens() {
        assert!(is_let_in(&[PASS]));
        for shown in [
            &[][..],
            &[""],
            &["0123456789abcdef"],
            &["0123456789abcdef0123456789abcdef0"],
            &["0123456789ABCDEF0123456789ABCDEF"],
            &[PASS, PASS],
            &["", PASS],
        ] {
            assert!(!is_let_in(shown), "{shown:?}");
        }
    }
}
