//! What the gateway believes of a discovery document, and how far it follows one: over TLS, against a server that
//! answers whatever the test wants.

use std::net::TcpListener;

use axum::Json;
use axum::Router;
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use jsonwebtoken::Algorithm;
use serde_json::json;
use service_kit::config::{ServerConfig, Settings};
use service_kit::process::{Sockets, install_crypto_provider};
use service_kit::server::{Face, Server};

use super::*;
use crate::issuers::mapping::Mapping;
use crate::test_network::TestNetwork;

fn provider() -> Provider {
    install_crypto_provider();
    Provider {
        client: Client::new(),
        issuer: "https://sso.test/realms/r".to_owned(),
        document: Url::parse("https://sso.test/realms/r/x").expect("a URL"),
        hosts: vec![("sso.test".to_owned(), 443), ("keys.test".to_owned(), 8443)],
    }
}

/// Proves: API7:2023, API10:2023
#[test]
fn only_the_issuers_own_document_leads_to_keys_and_only_to_allowed_https_hosts() {
    let provider = provider();
    let read = |issuer: &str, keys: &str| {
        let text = format!(r#"{{"issuer":"{issuer}","jwks_uri":"{keys}","more":1}}"#);
        provider.key_set_of(text.as_bytes())
    };
    let ours = "https://sso.test/realms/r";
    for good in ["https://sso.test/keys", "https://keys.test:8443/a?b"] {
        assert!(read(ours, good).is_ok(), "{good}");
    }
    for bad in [
        "http://sso.test/keys",
        "https://evil.test/keys",
        "https://sso.test:8443/keys",
        "https://keys.test/keys",
        "https://sso.test@evil.test/keys",
        "https://u:p@sso.test/keys",
        "https://sso.test.evil.test/",
        "file:///etc/passwd",
        "https://169.254.169.254/",
        "/keys",
    ] {
        assert!(read(ours, bad).is_err(), "{bad}");
    }
    for other in [
        "https://sso.test/realms/r/",
        "https://sso.test",
        "https://SSO.test/realms/r",
        "",
    ] {
        assert!(read(other, "https://sso.test/keys").is_err(), "{other}");
    }
}

/// Starts `app` as a public server; gives its address.
fn serve(network: &TestNetwork, app: impl FnOnce(&str) -> Router) -> String {
    let listen = || {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("a socket option");
        listener
    };
    let sockets = Sockets {
        service: listen(),
        admin: listen(),
        metrics: None,
    };
    let port = sockets.service.local_addr().expect("an address").port();
    let base = format!("https://localhost:{port}");
    let (app, life) = (app(&base), network.life.clone());
    let identity = network.identity("sso");
    tokio::spawn(async move {
        let config = Settings::from_pairs([("MAX_CONNECTIONS", "100")])
            .load(|settings| ServerConfig::read(settings, 1))
            .expect("a configuration");
        let server = Server {
            service: "sso",
            sockets,
            config: &config,
            identity,
            face: Face::Public,
            admin: Router::new(),
            app,
            ready: Arc::new(|| std::future::ready(true).boxed()),
        };
        server.serve(&life).await
    });
    base
}

/// A provider at `base` whose document is at `/{what}/.well-known/openid-configuration`.
fn config(network: &TestNetwork, base: &str, what: &str) -> IssuerConfig {
    let issuer = format!("{base}/{what}");
    let document = format!("{issuer}/.well-known/openid-configuration");
    let url = Url::parse(base).expect("a URL");
    IssuerConfig {
        name: "sso".to_owned(),
        issuer,
        audience: "escale-api".to_owned(),
        algorithms: vec![Algorithm::ES256],
        types: vec!["at+jwt".to_owned()],
        document: Url::parse(&document).expect("a URL"),
        hosts: vec![("localhost".to_owned(), url.port().expect("a port"))],
        authorities: Some(network.authorities()),
        longest_life: 3_600,
        mapping: Mapping {
            scope_claim: "scope".to_owned(),
            scopes: Vec::new(),
            roles_path: vec!["roles".to_owned()],
            roles: [].into(),
        },
    }
}

/// `good` is as it should be; the others each have one thing wrong.
fn app(base: &str) -> Router {
    let document = |what: &'static str, keys: &str| {
        let body =
            json!({ "issuer": format!("{base}/{what}"), "jwks_uri": format!("{base}{keys}") });
        let path = format!("/{what}/.well-known/openid-configuration");
        (path, get(move || async move { Json(body) }))
    };
    let mut app = Router::new();
    for (what, keys) in [
        ("good", "/keys"),
        ("moved-keys", "/moved"),
        ("endless", "/endless"),
        ("absent", "/absent"),
    ] {
        let (path, route) = document(what, keys);
        app = app.route(&path, route);
    }
    let elsewhere = "/good/.well-known/openid-configuration";
    app.route(
        "/moved-document/.well-known/openid-configuration",
        get(move || async move { Redirect::temporary(elsewhere) }),
    )
    .route("/keys", get(|| async { "the keys" }))
    .route("/moved", get(|| async { Redirect::temporary("/keys") }))
    .route(
        "/endless",
        get(|| async { vec![b' '; 5_000_000].into_response() }),
    )
}

/// Proves: API7:2023
#[tokio::test]
async fn keys_come_from_the_place_that_the_document_names_and_no_redirect_is_followed() {
    install_crypto_provider();
    let network = TestNetwork::new();
    let base = serve(&network, app);
    let keys = async |what: &str| {
        let provider = Provider::new(&config(&network, &base, what)).expect("a provider");
        provider.keys().await
    };
    assert_eq!(keys("good").await, Ok(Bytes::from_static(b"the keys")));
    for (what, told) in [
        ("moved-document", "status 307"),
        ("moved-keys", "status 307"),
        ("endless", "too long"),
        ("absent", "status 404"),
        ("nowhere", "status 404"),
    ] {
        let fault = keys(what).await.expect_err(what);
        assert!(fault.contains(told), "{what}: {fault}");
    }
    network.life.stop();
}

#[tokio::test]
async fn a_provider_must_show_a_certificate_of_the_authorities_that_the_operator_named() {
    install_crypto_provider();
    let (network, other) = (TestNetwork::new(), TestNetwork::new());
    let base = serve(&network, app);
    let mut config = config(&network, &base, "good");
    for authorities in [Some(other.authorities()), None] {
        config.authorities = authorities;
        let provider = Provider::new(&config).expect("a provider");
        assert!(provider.keys().await.is_err());
    }
    config.authorities = Some(network.authorities().with_file_name("nothing.pem"));
    assert!(Provider::new(&config).is_err());
    network.life.stop();
}
