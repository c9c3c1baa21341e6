//! The gate: which way is open, which wants a badge, and where each leads (L1, L4).

use std::time::Duration;

use anyhow::Context;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CONNECTION, HOST, PROXY_AUTHENTICATE, PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING,
    UPGRADE,
};
use axum::http::uri::{Authority, PathAndQuery, Scheme};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, Version};
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{any, get, post};
use axum::{Json, Router};
use escale_app_kit::{Key, Refusal};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use crate::authenticate::{authenticate, forget_identity};
use crate::inside::GATE_PASS;

/// A service that has not answered by then is as good as absent.
const PATIENCE: Duration = Duration::from_secs(10);

/// They speak of one connection, and end with it (RFC 9110 section 7.6.1). The names that a client's `Connection` lists are not
/// taken away: `Connection: x-user-id` would otherwise undo what the gate has just written.
const OF_ONE_CONNECTION: [HeaderName; 8] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

#[derive(Clone)]
pub struct Gate {
    badge_key: Key,
    pass: HeaderValue,
    users: Authority,
    products: Authority,
    client: Client<HttpConnector, Body>,
}

impl Gate {
    /// `users` and `products` are the services' addresses, `127.0.0.1:8083`.
    pub fn new(badge_key: Key, pass: &Key, users: &str, products: &str) -> anyhow::Result<Self> {
        let mut pass = HeaderValue::from_bytes(pass.bytes()).context("GATE_PASS")?;
        pass.set_sensitive(true);
        Ok(Self {
            badge_key,
            pass,
            users: users.parse().context("USERS_ADDR")?,
            products: products.parse().context("PRODUCTS_ADDR")?,
            client: Client::builder(TokioExecutor::new()).build_http(),
        })
    }
}

pub fn app(gate: Gate) -> Router {
    // What is not known under /api wants a badge as well: without one, nobody learns what there is.
    let known = from_fn_with_state(gate.badge_key.clone(), authenticate);
    let api = Router::new()
        .route("/users", any(to_users))
        .route("/users/{*rest}", any(to_users))
        .route("/products", any(to_products))
        .route("/products/{*rest}", any(to_products))
        .route("/orders", any(to_products))
        .fallback(nothing_there)
        .layer(known.clone());
    Router::new()
        .route("/health", get(health))
        .route("/login", post(login))
        .nest("/api", api)
        // The one path below it that `nest` leaves out.
        .route("/api/", any(nothing_there).layer(known))
        .fallback(nothing_there)
        .with_state(gate)
}

async fn health() -> Json<Value> {
    Json(json!({"service": "gate", "status": "ok"}))
}

async fn login(State(gate): State<Gate>, mut request: Request) -> Result<Response, Refusal> {
    forget_identity(request.headers_mut());
    gate.forward(&gate.users, request).await
}

async fn to_users(State(gate): State<Gate>, request: Request) -> Result<Response, Refusal> {
    gate.forward(&gate.users, request).await
}

async fn to_products(State(gate): State<Gate>, request: Request) -> Result<Response, Refusal> {
    gate.forward(&gate.products, request).await
}

async fn nothing_there() -> Refusal {
    Refusal::new(StatusCode::NOT_FOUND, "Route inconnue")
}

impl Gate {
    /// The request as it is, but for its address, the headers of its connection, and the pass. `/api` is gone from the
    /// path already: `nest` took it off.
    async fn forward(&self, to: &Authority, mut request: Request) -> Result<Response, Refusal> {
        let path = request.uri().path_and_query().cloned();
        *request.uri_mut() = address(to, path);
        *request.version_mut() = Version::HTTP_11;
        let headers = request.headers_mut();
        forget_connection(headers);
        headers.remove(HOST);
        headers.insert(GATE_PASS, self.pass.clone());
        match tokio::time::timeout(PATIENCE, self.client.request(request)).await {
            Ok(Ok(response)) => {
                let mut response = response.map(Body::new);
                forget_connection(response.headers_mut());
                Ok(response)
            }
            _ => Err(Refusal::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "Service indisponible",
            )),
        }
    }
}

fn address(to: &Authority, path: Option<PathAndQuery>) -> Uri {
    let path = path.unwrap_or_else(|| PathAndQuery::from_static("/"));
    let uri = Uri::builder().scheme(Scheme::HTTP).authority(to.clone());
    uri.path_and_query(path)
        .build()
        .expect("scheme, authority and path are there")
}

fn forget_connection(headers: &mut HeaderMap) {
    for name in OF_ONE_CONNECTION {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use tower::ServiceExt;

    use super::*;

    /// Nobody listens on port 1.
    fn gate() -> Router {
        let key = || Key::new(b"0123456789abcdef0123456789abcdef").expect("long enough");
        let gate = Gate::new(key(), &key(), "127.0.0.1:1", "127.0.0.1:1");
        app(gate.expect("a gate"))
    }

    #[tokio::test]
    async fn only_what_is_meant_to_be_open_is_open() {
        for (method, path, status, error) in [
            ("GET", "/health", 200, ""),
            ("GET", "/nothing", 404, "Route inconnue"),
            ("POST", "/login", 503, "Service indisponible"),
            ("GET", "/login", 405, ""),
            ("GET", "/api", 401, "Authorization header manquant"),
            ("GET", "/api/", 401, "Authorization header manquant"),
            ("GET", "/api/nothing", 401, "Authorization header manquant"),
            ("GET", "/api/users/me", 401, "Authorization header manquant"),
            (
                "DELETE",
                "/api/orders",
                401,
                "Authorization header manquant",
            ),
        ] {
            let request = Request::builder().method(method).uri(path);
            let request = request.body(Body::empty()).expect("a request");
            let answer = gate().oneshot(request).await.expect("an answer");
            assert_eq!(answer.status(), status, "{method} {path}");
            let bytes = answer.into_body().collect().await.expect("a body");
            let body: Value = serde_json::from_slice(&bytes.to_bytes()).unwrap_or_default();
            assert_eq!(body["error"].as_str().unwrap_or_default(), error, "{path}");
        }
    }
}
