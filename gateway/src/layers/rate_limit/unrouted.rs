//! The half that counts what has no route; see [`super`].
//!
//! It looks at the answer: to say 400, 404 or 405 costs less than the count itself, and only then is it known that nobody
//! further in has counted. What the jail refuses has a route, or is refused by the jail's own outer half.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use service_kit::error::ApiError;

use super::super::left_by_an_outer_layer;
use super::super::route::Matched;
use crate::client_address::ClientAddress;
use crate::limits::{Key, Limits, fields};

pub async fn limit_unrouted(
    State(limits): State<Limits>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let ClientAddress(address) = left_by_an_outer_layer(&request)?;
    let mut response = next.run(request).await;
    if response.extensions().get::<Matched>().is_some() {
        return Ok(response);
    }
    let decision = limits.count_address(&Key::address(address)).await?;
    if !decision.allowed {
        response = decision.refusal().into_response();
    }
    let class = std::iter::once(&*decision.class);
    fields::write(
        response.headers_mut(),
        class,
        std::slice::from_ref(&decision),
    );
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::Router;
    use axum::body::Body;
    use axum::middleware::{from_fn, from_fn_with_state};
    use http::Method;
    use service_kit::clock::{Clock, Timestamp};
    use service_kit::error::Code;
    use tower::ServiceExt;

    use super::*;
    use crate::layers::canonical_path::canonical_path;
    use crate::layers::rate_limit::rate_limit;
    use crate::layers::route::route;
    use crate::route_table::{BUILT_IN, RouteTable};

    fn app() -> Router {
        let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
        let clock = Clock::manual(Timestamp(1_800_000_000_000));
        let limits = Limits::in_process(table.limits(), &clock, 1_000);
        Router::new()
            .fallback(|| async {})
            .layer(from_fn_with_state(limits.clone(), rate_limit))
            .layer(from_fn_with_state(table, route))
            .layer(from_fn(canonical_path))
            .layer(from_fn_with_state(limits, limit_unrouted))
    }

    async fn send(app: &Router, (method, path): (Method, &str)) -> Response {
        let request = Request::builder().method(method).uri(path);
        let request = request.header("host", "localhost").body(Body::empty());
        let mut request = request.expect("a request");
        let address = ClientAddress([203, 0, 113, 9].into());
        request.extensions_mut().insert(address);
        app.clone().oneshot(request).await.expect("an answer")
    }

    fn standing(response: &Response) -> (u16, &str) {
        let text = response.headers()["ratelimit"].to_str();
        (response.status().as_u16(), text.expect("ASCII"))
    }

    #[tokio::test]
    async fn what_has_no_route_and_what_has_one_share_one_allowance() {
        let app = app();
        let all = [
            ((Method::GET, "/nowhere"), 404),
            ((Method::PATCH, "/api/tours"), 405),
            ((Method::GET, "/api//tours"), 400),
            ((Method::CONNECT, "/"), 400),
            ((Method::GET, "/health"), 200),
        ];
        for (number, (request, status)) in (0..100).zip(all.iter().cycle()) {
            let answer = send(&app, request.clone()).await;
            let left = format!(r#""address";r={};t=1"#, 99 - number);
            assert_eq!(standing(&answer), (*status, &*left), "{request:?}");
            let policy = &answer.headers()["ratelimit-policy"];
            assert_eq!(policy, r#""address";q=100;w=60"#);
        }
        for (request, _) in all {
            let answer = send(&app, request.clone()).await;
            assert_eq!(
                standing(&answer),
                (429, r#""address";r=0;t=1"#),
                "{request:?}"
            );
            let error = answer.extensions().get::<ApiError>().expect("a refusal");
            assert_eq!(error.code, Code::TooManyRequests);
        }
    }
}
