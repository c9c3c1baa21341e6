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
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue};
use service_kit::context::{REQUEST_PATH, RequestContext};
use service_kit::error::{ApiError, Code};
use service_kit::principal::{USER_ID, USER_ROLE, USER_SCOPE};

use super::authenticate::Caller;
use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::client_address::{ClientAddress, FORWARDED_FOR};
use crate::proxy::hop_by_hop;
use crate::route_table::Access;

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
    refuse_look_alikes(headers)?;
    strip(headers);

    if let Some(Caller(caller)) = caller {
        headers.insert(USER_ID, caller.subject.clone());
        headers.insert(USER_ROLE, caller.roles.clone());
        headers.insert(USER_SCOPE, caller.scope.clone());
    }
    context.write_to(headers);
    headers.insert(REQUEST_PATH, path);
    headers.insert(
        FORWARDED_FOR,
        HeaderValue::try_from(client.to_string()).map_err(ApiError::internal)?,
    );
    Ok(next.run(request).await)
}

/// `X_User_Id` is `x-user-id` to a server that turns names into variables, as CGI did.
fn refuse_look_alikes(headers: &HeaderMap) -> Result<(), ApiError> {
    for name in headers.keys().filter(|name| name.as_str().contains('_')) {
        if is_ours(&name.as_str().replace('_', "-")) {
            return Err(ApiError::new(Code::AmbiguousHeader)
                .because(format_args!("{name} stands for another name")));
        }
    }
    Ok(())
}

fn strip(headers: &mut HeaderMap) {
    hop_by_hop::remove(headers);
    let doomed = |name: &&HeaderName| is_ours(name.as_str()) || name.as_str().contains('_');
    let names: Vec<HeaderName> = headers.keys().filter(doomed).cloned().collect();
    for name in names {
        headers.remove(name);
    }
}

/// What only the gateway says to a service, and what a client says to the gateway alone. `name` is in lower case.
fn is_ours(name: &str) -> bool {
    matches!(
        name,
        "cookie"
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

#[cfg(test)]
mod tests;
