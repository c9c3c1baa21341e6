//! Where a token may stand: in one `Authorization` header, and nowhere else (R15).

use http::Method;
use http::header::AUTHORIZATION;

use super::Bench;

/// Proves: R15, token-url
#[tokio::test]
async fn a_token_in_the_url_is_not_read() {
    let bench = Bench::start().await;
    let token = bench.issuer.token(&bench.town);
    let before = bench.reached_the_catalogue();
    for name in [
        "access_token",
        "jwt",
        "token",
        "Access_Token",
        "access%5Ftoken",
        "bearer",
        "auth",
    ] {
        let answer = bench
            .town
            .visitor()
            .get(&format!("/api/tours?{name}={token}"))
            .await;
        let answer = answer.assert_refused(401, "authorization_missing");
        // Without credentials, the challenge names no error (RFC 6750 section 3.1).
        assert_eq!(
            answer.header("www-authenticate"),
            r#"Bearer realm="escale""#
        );
    }
    assert_eq!(bench.reached_the_catalogue(), before);
}

/// Proves: R15
#[tokio::test]
async fn a_token_in_a_cookie_or_a_body_is_not_read() {
    let bench = Bench::start().await;
    let token = bench.issuer.token(&bench.town);
    let visitor = bench.town.visitor();
    for name in [
        "cookie",
        "x-access-token",
        "x-authorization",
        "proxy-authorization",
    ] {
        let request = visitor.request(Method::GET, "/api/tours");
        let value = format!("Bearer {token}; access_token={token}");
        let answer = visitor.send(request.header(name, value)).await;
        answer.assert_refused(401, "authorization_missing");
    }
    let form = visitor.request(Method::POST, "/api/tours");
    let answer = visitor.send(form.form(&[("access_token", &token)])).await;
    assert!(
        answer.status == 401 || answer.status == 415,
        "{}",
        answer.text()
    );
}

/// Proves: R15, token-url
#[tokio::test]
async fn a_token_in_two_places_is_ambiguous() {
    let bench = Bench::start().await;
    let token = bench.issuer.token(&bench.town);
    let visitor = bench.town.visitor().with_token(&token);
    let before = bench.reached_the_catalogue();
    for name in ["access_token", "jwt", "token", "access%5Ftoken"] {
        let answer = visitor.get(&format!("/api/tours?{name}={token}")).await;
        answer.assert_refused(400, "ambiguous_header");
    }
    let twice = visitor.request(Method::GET, "/api/tours");
    let twice = twice.header(AUTHORIZATION, format!("Bearer {token}"));
    visitor
        .send(twice)
        .await
        .assert_refused(400, "ambiguous_header");
    assert_eq!(bench.reached_the_catalogue(), before);
}
