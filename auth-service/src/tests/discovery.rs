//! What the service tells about itself.

use super::service::Service;
use escale_engines::{Engine, on_each_engine};

#[on_each_engine]
async fn both_discovery_addresses_tell_the_same_and_only_what_is_there(engine: Engine) {
    let service = Service::start(engine).await;
    let openid = service.get("/.well-known/openid-configuration").await;
    let oauth = service.get("/.well-known/oauth-authorization-server").await;
    assert_eq!(openid.body, oauth.body);
    assert_eq!(openid.header("cache-control"), "public, max-age=300");
    assert_eq!(openid.text("issuer"), "https://localhost:8080");
    assert_eq!(
        openid.text("jwks_uri"),
        "https://localhost:8080/.well-known/jwks.json"
    );
    assert_eq!(
        openid.body["grant_types_supported"],
        serde_json::json!(["client_credentials"])
    );
    assert!(openid.body.get("authorization_endpoint").is_none());
}

#[on_each_engine]
async fn a_wrong_method_or_path_is_told_in_the_one_error_body(engine: Engine) {
    let service = Service::start(engine).await;
    service
        .get("/auth/login")
        .await
        .assert_refused(405, "method_not_allowed");
    service
        .get("/nowhere")
        .await
        .assert_refused(404, "route_not_found");
}
