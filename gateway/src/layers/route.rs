//! Asks the route table what the request is, before anything is decided about it.
//!
//! - Threat: a path that nobody thought of and that is open because nothing forbids it (API9:2023, the forgotten v0).
//! - Rule: what the table does not name does not exist. From here on the request carries its route: policy, upstream,
//!   deadline; and so does its answer on the way out, as only what has none is counted further out.
//! - Answer when it refuses: 404 `route_not_found`; 405 `method_not_allowed` with `Allow`.
//! - Settings: `ROUTES_FILE`.
//! - Taught by lab 02 (the gate).

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::header::ALLOW;
use service_kit::error::{ApiError, Code};

use super::access_log::Noted;
use crate::route_table::{Lookup, Route, RouteTable};

/// The request's row of the table; an extension of the request, and of its answer.
#[derive(Debug, Clone)]
pub struct Matched(pub Arc<Route>);

pub async fn route(
    State(table): State<Arc<RouteTable>>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    let route = match table.find(request.method(), request.uri().path()) {
        Lookup::Found(route) => Arc::clone(route),
        Lookup::OtherMethods(allow) => {
            return Err(ApiError::new(Code::MethodNotAllowed).with_header(ALLOW, &allow));
        }
        Lookup::Unknown => return Err(Code::RouteNotFound.into()),
    };
    Noted::route(&request, &route);
    request.extensions_mut().insert(Matched(Arc::clone(&route)));
    let mut response = next.run(request).await;
    response.extensions_mut().insert(Matched(route));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::middleware::from_fn_with_state;
    use axum::{Extension, Router};
    use tower::ServiceExt;

    use super::*;
    use crate::route_table::BUILT_IN;

    async fn ask(method: &str, path: &str) -> Response {
        let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
        let name =
            |Extension(Matched(route)): Extension<Matched>| async move { route.name.to_string() };
        let app = Router::new()
            .fallback(name)
            .layer(from_fn_with_state(table, route));
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Body::empty());
        app.oneshot(request.expect("a request"))
            .await
            .expect("an answer")
    }

    #[tokio::test]
    async fn a_known_route_passes_with_its_row() {
        let body = ask("GET", "/api/tours/7").await.into_body();
        assert_eq!(
            axum::body::to_bytes(body, 100).await.expect("a body"),
            "tours.get"
        );
    }

    #[tokio::test]
    async fn an_unknown_path_is_404_and_another_method_405_with_allow() {
        for path in ["/", "/internal/tours/7", "/API/tours", "/api/v0/tours"] {
            assert_eq!(ask("GET", path).await.status(), 404, "{path}");
        }
        for method in ["PATCH", "OPTIONS", "TRACE", "PROPFIND", "get"] {
            let response = ask(method, "/api/tours").await;
            assert_eq!(response.status(), 405, "{method}");
            assert_eq!(response.headers()[ALLOW], "GET, HEAD, POST");
        }
    }
}
