//! Counts requests by address, before anything costly is done for them (L6, L7, R11).
//!
//! - Threat: floods, password guessing, scraping (API4:2023), from one address or from one network of a subscriber.
//! - Rule: each route counts against the class `address`, and against the strict classes that it names; IPv6 by /64.
//!   No header that the client sends changes whose count it is. Tokens are not looked at: their signatures are a part of
//!   what is protected. What has no route (400, 404, 405) never comes here: [`limit_unrouted`], the outer half, counts it
//!   against `address` all the same, so that looking for doors costs what going through them does.
//! - Answer when it refuses: 429 `too_many_requests` or `endpoint_limit_reached` with `Retry-After`. Every answer that was
//!   counted, refused or not and from whichever layer, carries `RateLimit-Policy` and `RateLimit`.
//! - Settings: `[limits.*]` and `limits` in `routes.toml`, `TRUSTED_PROXIES`, `LIMITER_MOST_KEYS`.
//! - Taught by lab 04 (rate limiting).

mod unrouted;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use service_kit::error::ApiError;

use crate::limits::Limits;
pub use unrouted::limit_unrouted;

// TODO(lab 04): cette couche laisse tout passer. Écrivez la limite.
//
// - Chaque route a une liste de classes à compter par adresse (`route.limits.by_address`) : `address` d'abord, puis les
//   classes strictes qu'elle nomme. Le premier refus arrête : ce qu'il refuse n'est pas décompté des classes suivantes.
// - L'adresse est celle que la couche `client_address` a établie, jamais un en-tête lu ici.
// - Qui dépasse reçoit le refus de la classe atteinte, et rien de plus profond n'est appelé.
// - Toute réponse, refus compris, dit les limites de la route et ce qu'il en reste. La couche `quota`, plus à l'intérieur,
//   laisse son propre compte dans les extensions de la réponse : il va à la suite des vôtres.
//
// This layer lets everything pass. Write the limit.
//
// - Each route has a list of classes to count by address (`route.limits.by_address`): `address` first, then the strict
//   classes that it names. The first refusal ends it: what it refuses is not taken from the classes after it.
// - The address is the one that the layer `client_address` has found, never a header read here.
// - Who goes over gets the refusal of the class that is used up, and nothing further in is called.
// - Every answer, refusals too, tells the limits of the route and what is left of them. The layer `quota`, further in, leaves
//   its own count in the extensions of the response: it comes after yours.
pub async fn rate_limit(
    State(_limits): State<Limits>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    Ok(next.run(request).await)
}
