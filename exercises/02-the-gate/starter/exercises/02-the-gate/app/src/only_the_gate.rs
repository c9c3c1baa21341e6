//! The services' own door: who does not show the gate's pass is not served, whatever else he says.
//!
//! - Threat: whoever reaches a service's port walks around the gate and writes `x-user-id: alice` himself (L1, L3).
//! - Rule: L1, L3. The text of the lab says what they come to.
//! - Answer when it refuses: 403 `Passez par la passerelle`.
//! - Limit: a secret that is sent can be overheard and used by who heard it, and it is the same for everybody. Labs 07 and
//!   08 replace it by TLS and certificates.
//! - Taught by lab 02.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use escale_app_kit::{Key, Refusal};

// TODO(lab 02)
// Ce service sert quiconque atteint son port, et croit les en-têtes `x-user-*` qu'on lui envoie.
//  1. La passerelle montre un laissez-passer à chaque requête, dans l'en-tête `inside::GATE_PASS`. Sans lui, ou avec un
//     autre que `pass`, la réponse est 403 « Passez par la passerelle ».
//  2. Une valeur vide, tronquée, rallongée ou envoyée deux fois n'est pas le laissez-passer.
//  3. La durée de la comparaison ne dit pas combien de caractères étaient justes.
//
// This service serves whoever reaches its port, and believes the `x-user-*` headers that it is sent.
//  1. The gate shows a pass with each request, in the header `inside::GATE_PASS`. Without it, or with another than
//     `pass`, the answer is 403 `Passez par la passerelle`.
//  2. A value that is empty, cut short, longer, or sent twice is not the pass.
//  3. The time that the comparison takes does not tell how many characters were right.

pub async fn only_the_gate(
    State(_pass): State<Key>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    Ok(next.run(request).await)
}
