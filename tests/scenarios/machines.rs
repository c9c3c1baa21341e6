//! Applications: `/oauth/token` with client credentials (T2), discovery, keys.

use escale_tests::{Answer, Town};
use http::Method;

async fn token(town: &Town, credentials: Option<(&str, &str)>, form: &[(&str, &str)]) -> Answer {
    let visitor = town.visitor();
    let request = visitor.request(Method::POST, "/oauth/token").form(form);
    let request = match credentials {
        Some((id, secret)) => request.basic_auth(id, Some(secret)),
        None => request,
    };
    visitor.send(request).await
}

fn assert_oauth_error(answer: Answer, status: u16, error: &str) -> Answer {
    let answer = answer.assert_status(status);
    assert_eq!(answer.field("/error"), error);
    assert_eq!(answer.header("cache-control"), "no-store");
    answer
}

/// Proves: R2, T1, T2, T3, T6, S5
#[tokio::test]
async fn an_application_gets_a_token_for_its_scopes_and_uses_it() {
    let town = Town::start().await;
    let (id, secret) = town.app_credentials();
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "tours:read"),
    ];
    let answer = token(&town, Some((&id, &secret)), &form)
        .await
        .assert_status(200);
    assert_eq!(
        (answer.field("/token_type"), answer.field("/expires_in")),
        ("Bearer".into(), "900".into())
    );
    assert_eq!(answer.field("/scope"), "tours:read");
    assert_eq!(answer.header("cache-control"), "no-store");
    let app = town.visitor().with_token(&answer.field("/access_token"));
    app.get("/api/tours").await.assert_status(200);
    // T6: refused where a scope is missing; and an application owns no bookings.
    let refused = app
        .get("/api/bookings")
        .await
        .assert_refused(403, "insufficient_scope");
    assert!(
        refused
            .header("www-authenticate")
            .contains("scope=\"bookings:read\"")
    );
    town.app("bookings:read")
        .await
        .get("/api/bookings")
        .await
        .assert_refused(403, "role_required");
}

#[tokio::test]
async fn the_secret_may_come_in_the_body_but_not_in_both_places() {
    let town = Town::start().await;
    let (id, secret) = town.app_credentials();
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "tours:read"),
        ("client_id", id.as_str()),
        ("client_secret", secret.as_str()),
    ];
    token(&town, None, &form).await.assert_status(200);
    let both = token(&town, Some((&id, &secret)), &form).await;
    assert_oauth_error(both, 400, "invalid_request");
}

/// Proves: R1, T2
#[tokio::test]
async fn a_bad_client_and_a_bad_request_are_told_as_rfc_6749_says() {
    let town = Town::start().await;
    let (id, secret) = town.app_credentials();
    let good = Some((id.as_str(), secret.as_str()));
    let grant = ("grant_type", "client_credentials");
    let scope = ("scope", "tours:read");
    for credentials in [
        Some((id.as_str(), "wrong")),
        Some(("nobody", secret.as_str())),
        None,
    ] {
        let answer = token(&town, credentials, &[grant, scope]).await;
        let answer = assert_oauth_error(answer, 401, "invalid_client");
        assert!(
            answer.header("www-authenticate").starts_with("Basic"),
            "{:?}",
            answer.headers
        );
    }
    for (form, error) in [
        (
            vec![("grant_type", "password"), scope],
            "unsupported_grant_type",
        ),
        (vec![scope], "invalid_request"),
        (vec![grant, scope, scope], "invalid_request"),
        (vec![grant], "invalid_scope"),
        (
            vec![grant, ("scope", "tours:read tours:write")],
            "invalid_scope",
        ),
    ] {
        assert_oauth_error(token(&town, good, &form).await, 400, error);
    }
}

/// Proves: S5
#[tokio::test]
async fn discovery_and_keys_are_public_and_tell_the_truth() {
    let town = Town::start().await;
    let visitor = town.visitor();
    let base = format!("https://localhost:{}", town.address("gateway").port());
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server",
    ] {
        let document = visitor.get(path).await.assert_status(200);
        assert_eq!(document.field("/issuer"), base);
        assert_eq!(
            document.field("/token_endpoint"),
            format!("{base}/oauth/token")
        );
        assert_eq!(
            document.field("/jwks_uri"),
            format!("{base}/.well-known/jwks.json")
        );
    }
    let keys = visitor
        .get("/.well-known/jwks.json")
        .await
        .assert_status(200)
        .json();
    let keys = keys["keys"].as_array().unwrap();
    assert!(!keys.is_empty());
    for key in keys {
        assert_eq!(
            (&key["kty"], &key["crv"], &key["alg"]),
            (&"EC".into(), &"P-256".into(), &"ES256".into())
        );
        assert!(key.get("d").is_none(), "a private key is never published");
    }
}
