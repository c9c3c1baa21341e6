//! Who may call.

use axum::body::Body;
use escale_engines::{Engine, on_each_engine};
use http::Request;

use super::service::Service;

#[on_each_engine]
async fn only_the_gateway_may_call_any_route(engine: Engine) {
    let service = Service::start(engine).await;
    for (method, path) in [
        ("POST", "/auth/register"),
        ("POST", "/auth/login"),
        ("POST", "/auth/refresh"),
        ("POST", "/auth/logout"),
        ("GET", "/auth/me"),
        ("POST", "/oauth/token"),
        ("GET", "/.well-known/openid-configuration"),
        ("GET", "/.well-known/oauth-authorization-server"),
        ("GET", "/.well-known/jwks.json"),
        ("POST", "/auth/api-keys"),
        ("GET", "/auth/api-keys"),
        ("DELETE", "/auth/api-keys/1"),
        ("GET", "/internal/revocations"),
        ("GET", "/internal/api-keys/1"),
    ] {
        for caller in ["catalog", "booking", "payment", "bank", "auth"] {
            let request = Request::builder().method(method).uri(path);
            let answer = service.send_as(caller, request, Body::empty()).await;
            answer.assert_refused(403, "caller_not_allowed");
        }
    }
}
