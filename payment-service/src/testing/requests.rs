//! Requests as the gateway and other services send them, without the network.

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use service_kit::peer::Connection;
use service_kit::spiffe::SpiffeId;
use tower::ServiceExt;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    #[track_caller]
    pub fn assert_refused(&self, status: u16, code: &str) {
        assert_eq!(self.status.as_u16(), status, "{self:?}");
        assert_eq!(self.body["code"], code, "{self:?}");
    }
}

/// A request of a user with all scopes of this service, through the gateway.
pub fn user(user_id: Uuid, method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
    let mut request = internal("gateway", method, path, body);
    let headers = request.headers_mut();
    for (name, value) in [
        ("x-user-id", user_id.to_string()),
        ("x-user-role", "user".to_owned()),
        ("x-user-scope", "payments:read payments:write".to_owned()),
    ] {
        headers.insert(name, value.parse().expect("a header value"));
    }
    request
}

/// A request of a service in its own name.
pub fn internal(service: &str, method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
    let builder = Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .extension(Connection {
            remote: ([127, 0, 0, 1], 1).into(),
            peer: Some(SpiffeId::of(service)),
        });
    let body = body.map_or_else(Body::empty, |value| Body::from(value.to_string()));
    builder.body(body).expect("a request")
}

pub async fn send(app: Router, request: Request<Body>) -> Answer {
    let response = app.oneshot(request).await.expect("routers do not fail");
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.expect("a whole body");
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: serde_json::from_slice(&bytes).unwrap_or(Value::Null),
    }
}
