//! Tells the services who calls, and makes sure that nobody but the gateway does (L3, T4).
//!
//! - Threat: `x-user-id` sent by the client, in any case, doubled, with underscores that some servers read as dashes
//!   (CVE-2026-39998, CVE-2025-64484); ours removed by `Connection: x-user-id` (CVE-2024-45410); a path or method
//!   believed from a header (CVE-2026-40575); the client's token or cookie leaked to a service.
//! - Rule: first everything goes that the client has no business to send, on public routes too; then the headers of
//!   the verified token are set, and the path that the client asked for, which a service names in its refusals.
//!   `Authorization` stays here; only `Basic` on a route marked `client_credentials` passes, where the service
//!   authenticates applications itself.
//! - Answer when it refuses: 400 `ambiguous_header` for a name that becomes one of these when `_` is read as `-`.
//!   Other names with an underscore are dropped.
//! - Settings: none.
//! - Taught by lab 03 (tokens at the gateway).

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{EXPECT, HOST, HeaderName};
use http::{HeaderMap, HeaderValue};
use service_kit::context::{REQUEST_PATH, RequestContext};
use service_kit::error::ApiError;
use service_kit::principal::{USER_ID, USER_ROLE, USER_SCOPE};

use super::authenticate::Caller;
use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::client_address::{ClientAddress, FORWARDED_FOR};
use crate::proxy::hop_by_hop;
use crate::route_table::Access;

// TODO(lab 03)
// À écrire : ce que les services lisent de l'appelant vient de la passerelle, et de personne d'autre (L3).
//   - tout ce que le client n'a pas à dire disparaît d'abord, routes publiques comprises : les familles `x-user-`, `x-client-`,
//     `x-forwarded-` et `x-http-method`, et, un par un, forwarded, x-subject, x-request-path, x-real-ip, x-original-url,
//     x-original-uri, x-rewrite-url, x-method-override, x-problem-code, x-request-id, x-request-deadline-ms et traceparent ;
//   - un nom qui devient l'un d'eux quand on y lit `_` comme `-` : 400 `ambiguous_header` ; les autres noms à `_` disparaissent ;
//   - `Authorization` et `Cookie` restent ici (T4), sauf un seul `Basic` sur une route `client_credentials` ;
//   - ensuite seulement, les en-têtes de la passerelle sont posés.
//
// To write: what the services read about the caller comes from the gateway and from nobody else (L3).
//   - whatever is not the client's to say goes first, on public routes too: the families `x-user-`, `x-client-`, `x-forwarded-`
//     and `x-http-method`, and, one by one, forwarded, x-subject, x-request-path, x-real-ip, x-original-url, x-original-uri,
//     x-rewrite-url, x-method-override, x-problem-code, x-request-id, x-request-deadline-ms and traceparent;
//   - a name that becomes one of these when `_` is read as `-`: 400 `ambiguous_header`; other names with `_` go;
//   - `Authorization` and `Cookie` stay here (T4), but for one `Basic` on a route with `client_credentials`;
//   - only then are the gateway's own headers set.

pub async fn identity_headers(mut request: Request, next: Next) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let context: RequestContext = left_by_an_outer_layer(&request)?;
    let ClientAddress(client) = left_by_an_outer_layer(&request)?;
    let caller = match route.access {
        Access::Public => None,
        Access::Protected { .. } => Some(left_by_an_outer_layer::<Caller>(&request)?),
    };
    let path = HeaderValue::from_str(request.uri().path()).map_err(ApiError::internal)?;
    let client = HeaderValue::try_from(client.to_string()).map_err(ApiError::internal)?;
    let headers = request.headers_mut();
    // About this connection, not about the request: they never go further.
    hop_by_hop::remove(headers);
    headers.remove(HOST);
    headers.remove(EXPECT);

    if let Some(Caller(caller)) = caller {
        fill_in(headers, USER_ID, caller.subject.clone());
        fill_in(headers, USER_ROLE, caller.roles.clone());
        fill_in(headers, USER_SCOPE, caller.scope.clone());
    }
    context.write_to(headers);
    fill_in(headers, REQUEST_PATH, path);
    fill_in(headers, FORWARDED_FOR, client);
    Ok(next.run(request).await)
}

/// Says what nobody has said yet.
fn fill_in(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
