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
use http::header::{AUTHORIZATION, HeaderName};
use http::{HeaderMap, HeaderValue};
use service_kit::context::{REQUEST_PATH, RequestContext};
use service_kit::error::ApiError;
use service_kit::principal::{USER_ID, USER_ROLE, USER_SCOPE};

use super::authenticate::Caller;
use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::client_address::{ClientAddress, FORWARDED_FOR};
use crate::proxy::hop_by_hop;
use crate::route_table::{Access, Route};

pub async fn identity_headers(mut request: Request, next: Next) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let context: RequestContext = left_by_an_outer_layer(&request)?;
    let ClientAddress(client) = left_by_an_outer_layer(&request)?;
    let caller = match route.access {
        Access::Public => None,
        Access::Protected { .. } => Some(left_by_an_outer_layer::<Caller>(&request)?),
    };
    let path = HeaderValue::from_str(request.uri().path()).map_err(ApiError::internal)?;
    let headers = request.headers_mut();
    let credentials = client_credentials(headers, &route);
    strip(headers);

    if let Some(Caller(caller)) = caller {
        headers.insert(USER_ID, caller.subject.clone());
        headers.insert(USER_ROLE, caller.roles.clone());
        headers.insert(USER_SCOPE, caller.scope.clone());
    }
    if let Some(credentials) = credentials {
        headers.insert(AUTHORIZATION, credentials);
    }
    context.write_to(headers);
    headers.insert(REQUEST_PATH, path);
    headers.insert(
        FORWARDED_FOR,
        HeaderValue::try_from(client.to_string()).map_err(ApiError::internal)?,
    );
    Ok(next.run(request).await)
}

fn strip(headers: &mut HeaderMap) {
    hop_by_hop::remove(headers);
    let doomed = |name: &&HeaderName| is_ours(name.as_str());
    let names: Vec<HeaderName> = headers.keys().filter(doomed).cloned().collect();
    for name in names {
        headers.remove(name);
    }
}

/// What only the gateway says to a service, and what a client says to the gateway alone. `name` is in lower case.
fn is_ours(name: &str) -> bool {
    matches!(
        name,
        "authorization"
            | "cookie"
            | "expect"
            | "forwarded"
            | "host"
            | "traceparent"
            | "x-problem-code"
            | "x-subject"
            | "x-request-id"
            | "x-request-deadline-ms"
            | "x-request-path"
            | "x-real-ip"
            | "x-original-url"
            | "x-original-uri"
            | "x-rewrite-url"
            | "x-method-override"
    ) || ["x-user-", "x-client-", "x-forwarded-", "x-http-method"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// RFC 6749 section 2.3.1. A bearer token never passes, not even there.
fn client_credentials(headers: &HeaderMap, route: &Route) -> Option<HeaderValue> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (value, None) = (values.next()?, values.next()) else {
        return None;
    };
    let basic = value
        .as_bytes()
        .get(..6)
        .is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic "));
    (route.client_credentials && basic).then(|| value.clone())
}

#[cfg(test)]
mod tests;
