//! Sends the request to its service and the answer back, as they are (L4).
//!
//! - Threat: a request that reaches another service or path than the policy was asked about; a service that hangs and
//!   takes the gateway with it; a request that is carried out twice; an answer that tells about the inside.
//! - Rule: the upstream and its path come from the route alone, over mTLS that checks the service's name. Bodies are
//!   streamed both ways; status and body come back untouched, without the headers of the inside connection and without
//!   what the service says for our logs alone ([`service_kit::aside`]). The
//!   deadline goes with the request; a service that fails again and again is left in peace; only what reads, or never
//!   left, is sent again, and not often ([`crate::proxy`]).
//! - Answer when it refuses: 503 `service_unavailable` when there is no connection, or at once with `Retry-After` while
//!   the breaker is open; 504 `upstream_timeout` after the route's deadline; 502 `bad_gateway` when the connection
//!   breaks; 408 `request_timeout` when the client's body does not come. The cause is in the log alone.
//! - Settings: `AUTH_URL`, `CATALOG_URL`, `BOOKING_URL`, `PAYMENT_URL`, `UPSTREAM_*`, `HTTP_BODY_SECONDS`,
//!   `ROUTES_FILE` (`deadline_ms` of a route).
//! - Taught by labs 02 (the gate) and 08 (mTLS).

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{HeaderName, SERVER};
use http::uri::PathAndQuery;
use http::{Extensions, HeaderMap};
use serde_json::json;
use service_kit::aside::Aside;
use service_kit::context::{REQUEST_ID, TRACEPARENT};
use service_kit::error::ApiError;
use service_kit::error::render::Untouched;

use super::left_by_an_outer_layer;
use super::route::Matched;
use crate::docs;
use crate::proxy::hop_by_hop;
use crate::route_table::{Target, UpstreamPath};
use crate::state::Upstreams;

const POWERED_BY: HeaderName = HeaderName::from_static("x-powered-by");

/// The innermost service of the stack.
pub async fn forward(
    State(upstreams): State<Upstreams>,
    request: Request,
) -> Result<Response, ApiError> {
    let Matched(route) = left_by_an_outer_layer(&request)?;
    let (service, path) = match &route.target {
        Target::Gateway => return own_answer(&request),
        Target::Upstream { service, path } => (*service, path),
    };
    let target = target(path, &request)?;
    let response = upstreams
        .of(service)
        .forward(request, target, route.deadline)
        .await?;
    Ok(outward(response))
}

/// The description of the API, or that the gateway is there.
fn own_answer(request: &Request) -> Result<Response, ApiError> {
    let described = docs::answer(request.uri().path(), request.headers());
    described.unwrap_or_else(|| Ok(health()))
}

/// It is there and answers. Whether it can do its work is told on the admin address.
fn health() -> Response {
    Json(json!({ "status": "ok", "service": "gateway" })).into_response()
}

fn target(path: &UpstreamPath, request: &Request) -> Result<PathAndQuery, ApiError> {
    let mut target = path.render(request.uri().path());
    if let Some(query) = request.uri().query() {
        target.push('?');
        target.push_str(query);
    }
    PathAndQuery::try_from(target).map_err(ApiError::internal)
}

/// The service's status, headers and body, without what is between it and the gateway.
fn outward(mut response: Response<Body>) -> Response {
    *response.extensions_mut() = Extensions::new();
    response.extensions_mut().insert(Untouched);
    let aside = Aside::take_from(response.headers_mut());
    response.extensions_mut().insert(aside);
    tidy(response.headers_mut());
    response
}

fn tidy(headers: &mut HeaderMap) {
    hop_by_hop::remove(headers);
    for name in [SERVER, POWERED_BY, REQUEST_ID, TRACEPARENT] {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route_table::{BUILT_IN, Lookup, RouteTable};

    #[test]
    fn the_upstreams_target_is_the_routes_with_the_callers_ids_and_query() {
        let table = RouteTable::read(BUILT_IN).expect("no fault");
        for (path, expected) in [
            ("/api/tours?limit=5&city=a%20b", "/tours?limit=5&city=a%20b"),
            (
                "/api/tours/search?q=%C3%A9t%C3%A9",
                "/tours/search?q=%C3%A9t%C3%A9",
            ),
            ("/api/bookings/42", "/bookings/42"),
            ("/api/tours/b%20c?", "/tours/b%20c?"),
            ("/auth/me", "/auth/me"),
        ] {
            let request = Request::get(path).body(Body::empty()).expect("a request");
            let Lookup::Found(route) = table.find(request.method(), request.uri().path()) else {
                panic!("{path} is no route");
            };
            let Target::Upstream { path: upstream, .. } = &route.target else {
                panic!("{path} has no upstream");
            };
            assert_eq!(target(upstream, &request).expect("a target"), expected);
        }
    }

    #[test]
    fn an_answer_goes_out_without_what_is_of_the_inside() {
        let mut response = Response::new(Body::empty());
        for (name, value) in [
            ("server", "catalog/1"),
            ("x-problem-code", "sold_out"),
            ("x-subject", "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10"),
            ("x-powered-by", "Rust"),
            ("x-request-id", "inside"),
            ("connection", "x-internal"),
            ("x-internal", "10.0.0.7"),
            ("keep-alive", "timeout=5"),
            ("etag", "\"v1\""),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
        ] {
            response
                .headers_mut()
                .append(name, value.parse().expect("a header value"));
        }
        let response = outward(response);
        let aside = response.extensions().get::<Aside>().expect("what it told");
        assert_eq!(aside.code.as_deref(), Some("sold_out"));
        assert!(aside.subject.is_some());
        let names: Vec<_> = response.headers().keys().map(HeaderName::as_str).collect();
        assert!(
            names.len() == 2 && names.contains(&"etag") && names.contains(&"set-cookie"),
            "{names:?}"
        );
        assert_eq!(response.headers().len(), 3);
    }
}
