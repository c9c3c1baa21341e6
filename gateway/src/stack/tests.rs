//! The whole stack: what only the layers together promise.

mod refusals;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, Method, Request, Uri};
use http_body_util::BodyExt;
use serde_json::Value;
use service_kit::peer::Connection;
use tower::ServiceExt;

use super::*;
use crate::bodies::Bodies;
use crate::client_address::TrustedProxies;
use crate::jail::Jail;
use crate::limits::Limits;
use crate::route_table::{Access, BUILT_IN, RouteTable};
use crate::test_issuer::{ALICE, TestIssuer, no_keys};
use crate::test_log::LogCapture;
use crate::test_network::{Running, TestNetwork, nowhere};

/// A gateway, the issuer that it trusts, and a catalogue that may be a spy.
struct Bench {
    app: Router,
    issuer: TestIssuer,
    _network: TestNetwork,
    _catalog: Option<Running>,
}

impl Bench {
    fn with_catalog(catalog: Option<Router>) -> Self {
        let (network, issuer) = (TestNetwork::new(), TestIssuer::new("k1"));
        let catalog = catalog.map(|app| network.start("catalog", app));
        let mut urls = nowhere();
        if let Some(running) = &catalog {
            urls.catalog = running.url();
        }
        let (tokens, life) = issuer.tokens();
        let routes = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
        let state = AppState {
            jail: Jail::new(routes.jail(), life.clock.clone(), |_| {}),
            proxies: TrustedProxies::default(),
            limits: Limits::in_process(routes.limits(), &life.clock, 1_000),
            routes,
            tokens,
            keys: no_keys(&life),
            upstreams: network.upstreams(&urls),
            audit: network.audit(),
            clock: network.life.clock.clone(),
            bodies: Bodies {
                clock: network.life.clock.clone(),
                patience: Duration::from_secs(10),
            },
        };
        Self {
            app: stack(state),
            issuer,
            _network: network,
            _catalog: catalog,
        }
    }

    async fn send(&self, request: Builder) -> Response {
        let mut request = request
            .header(HOST, "localhost")
            .body(Body::empty())
            .expect("a request");
        let remote = ([203, 0, 113, 9], 40_000).into();
        request
            .extensions_mut()
            .insert(Connection { remote, peer: None });
        self.app.clone().oneshot(request).await.expect("an answer")
    }

    fn as_alice(&self, method: Method, path: &str) -> Builder {
        let token = format!("Bearer {}", self.issuer.token());
        Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, token)
    }
}

async fn json(response: Response) -> Value {
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    serde_json::from_slice(&body).expect("JSON")
}

#[track_caller]
fn assert_hardened(headers: &HeaderMap) {
    for name in [
        "strict-transport-security",
        "x-content-type-options",
        "cache-control",
        "x-request-id",
    ] {
        assert_eq!(
            headers.get_all(name).iter().count(),
            1,
            "{name}: {headers:?}"
        );
    }
    assert!(!headers.contains_key("server"), "{headers:?}");
}

#[tokio::test]
async fn the_gateways_own_health_is_public() {
    let bench = Bench::with_catalog(None);
    let response = bench.send(Request::get("/health")).await;
    assert_eq!(response.status(), 200);
    assert_hardened(response.headers());
    assert_eq!(json(response).await["status"], "ok");
}

/// Proves: L3, L4, S1
#[tokio::test]
async fn a_service_sees_its_own_path_and_the_verified_caller() {
    let spy = |uri: Uri, headers: HeaderMap| async move {
        let value = |name: &str| {
            headers
                .get(name)
                .map(|value| value.to_str().expect("text").to_owned())
        };
        axum::Json(serde_json::json!({
            "target": uri.path_and_query().map(ToString::to_string),
            "user": value("x-user-id"), "client": value("x-forwarded-for"), "id": value("x-request-id"),
            "authorization": value("authorization"), "trace": value("traceparent"),
        }))
    };
    let bench = Bench::with_catalog(Some(Router::new().fallback(spy)));
    let request = bench
        .as_alice(Method::GET, "/api/tours/7?x=%2F")
        .header("x-user-id", "root");
    let response = bench.send(request).await;
    let id = response.headers()["x-request-id"]
        .to_str()
        .expect("text")
        .to_owned();
    let seen = json(response).await;
    assert_eq!(
        (&seen["target"], &seen["user"]),
        (&"/tours/7?x=%2F".into(), &ALICE.into())
    );
    assert_eq!(
        (&seen["client"], &seen["id"]),
        (&"203.0.113.9".into(), &id.into())
    );
    assert_eq!(seen["authorization"], Value::Null);
    assert_ne!(seen["trace"], Value::Null);
}

/// Proves: R17, L4
#[tokio::test]
async fn a_services_answer_passes_as_it_is_whatever_its_type() {
    let page = || async {
        (
            http::StatusCode::CONFLICT,
            [("server", "x"), ("etag", "\"v1\"")],
            "<h1>no</h1>",
        )
    };
    let bench = Bench::with_catalog(Some(Router::new().fallback(page)));
    let (log, _guard) = LogCapture::start();
    let response = bench.send(bench.as_alice(Method::GET, "/api/tours")).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["etag"]),
        (409, &"\"v1\"".parse().expect("a value"))
    );
    assert_hardened(response.headers());
    let body = response
        .into_body()
        .collect()
        .await
        .expect("a body")
        .to_bytes();
    assert_eq!(body, "<h1>no</h1>");
    let line = log.text();
    assert!(
        line.contains(&format!("user=\"{ALICE}\"")) && line.contains("route=\"tours.list\""),
        "{line}"
    );
}
