//! `POST /oauth/token` for applications.

use escale_engines::{Engine, on_each_engine};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};

use super::service::{CLIENT_SECRET, Service, form_encoded};

const ASK: &str = "grant_type=client_credentials&scope=tours:read";

fn posted(id: &str, secret: &str) -> String {
    format!(
        "{ASK}&client_id={}&client_secret={}",
        form_encoded(id),
        form_encoded(secret)
    )
}

#[on_each_engine]
async fn a_client_is_known_by_basic_and_by_post_and_gets_a_token_of_its_own(engine: Engine) {
    let service = Service::start(engine).await;
    let by_basic = service.token(Some(("partner", CLIENT_SECRET)), ASK).await;
    let by_post = service.token(None, &posted("partner", CLIENT_SECRET)).await;
    for answer in [by_basic, by_post] {
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.text("scope"), "tours:read");
        assert_eq!(answer.body["expires_in"], 900);
        assert!(answer.body.get("refresh_token").is_none());
        let claims = service
            .claims(answer.text("access_token"))
            .await
            .expect("a valid token");
        assert_eq!(
            (claims.sub.as_str(), claims.client_id.as_str()),
            ("partner", "partner")
        );
        assert!(claims.roles.is_empty() && claims.sid.is_none());
    }
}

/// Proves: T2
#[on_each_engine]
async fn unknown_client_wrong_secret_and_no_client_get_the_same_invalid_client(engine: Engine) {
    let service = Service::start(engine).await;
    let answers = [
        service.token(Some(("nobody", CLIENT_SECRET)), ASK).await,
        service.token(Some(("partner", "wrong")), ASK).await,
        service.token(None, &posted("partner", "wrong")).await,
        service.token(None, &posted("nobody", "wrong")).await,
        // PostgreSQL holds no U+0000: a database that is asked for it fails.
        service.token(Some(("no\0body", "wrong")), ASK).await,
        service.token(None, ASK).await,
    ];
    for answer in &answers {
        answer.assert_oauth_error(401, "invalid_client");
        assert!(answer.header("www-authenticate").starts_with("Basic "));
        assert_eq!(answer.body, answers[0].body);
        assert!(
            !answer
                .logged
                .as_deref()
                .unwrap_or_default()
                .contains("nobody")
        );
    }
}

#[on_each_engine]
async fn two_ways_of_authentication_at_once_are_refused_even_when_both_are_right(engine: Engine) {
    let service = Service::start(engine).await;
    let right = Some(("partner", CLIENT_SECRET));
    let both = service
        .token(right, &posted("partner", CLIENT_SECRET))
        .await;
    both.assert_oauth_error(400, "invalid_request");
    let another_id = service
        .token(right, &format!("{ASK}&client_id=other"))
        .await;
    another_id.assert_oauth_error(400, "invalid_request");
    let same_id = service
        .token(right, &format!("{ASK}&client_id=partner"))
        .await;
    assert_eq!(same_id.status, 200);
    let twice = Request::post("/oauth/token")
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(AUTHORIZATION, "Basic YTpi")
        .header(AUTHORIZATION, "Basic YTpi");
    service
        .send(twice, ASK)
        .await
        .assert_oauth_error(400, "invalid_request");
}

/// Proves: T5
#[on_each_engine]
async fn a_scope_that_is_missing_malformed_or_beyond_is_refused_and_never_narrowed(engine: Engine) {
    let service = Service::start(engine).await;
    let right = Some(("partner", CLIENT_SECRET));
    for scope in [
        "",
        "&scope=",
        "&scope=+",
        "&scope=tours:read++bookings:read",
        "&scope=tours:write",
        "&scope=tours:read+tours:write",
        "&scope=TOURS:READ",
    ] {
        let answer = service
            .token(right, &format!("grant_type=client_credentials{scope}"))
            .await;
        answer.assert_oauth_error(400, "invalid_scope");
        assert!(answer.text("error_description").is_ascii());
    }
    let all = service.token(right, &format!("{ASK}+bookings:read")).await;
    assert_eq!(all.text("scope"), "bookings:read tours:read");
}

#[on_each_engine]
async fn a_doubled_parameter_is_refused(engine: Engine) {
    let service = Service::start(engine).await;
    let right = Some(("partner", CLIENT_SECRET));
    for more in [
        "&scope=tours:read",
        "&grant_type=client_credentials",
        "&scope=",
        "&x=1&x=1",
    ] {
        let answer = service.token(right, &format!("{ASK}{more}")).await;
        answer.assert_oauth_error(400, "invalid_request");
    }
}

#[on_each_engine]
async fn other_grants_are_not_supported_and_a_missing_one_is_an_invalid_request(engine: Engine) {
    let service = Service::start(engine).await;
    let right = Some(("partner", CLIENT_SECRET));
    for grant in [
        "password",
        "refresh_token",
        "authorization_code",
        "implicit",
    ] {
        let body = format!("grant_type={grant}&username=alice&password=x");
        service
            .token(right, &body)
            .await
            .assert_oauth_error(400, "unsupported_grant_type");
    }
    let none = service.token(right, "scope=tours:read").await;
    none.assert_oauth_error(400, "invalid_request");
}

#[on_each_engine]
async fn a_body_that_is_no_form_is_refused(engine: Engine) {
    let service = Service::start(engine).await;
    let request = Request::post("/oauth/token").header(CONTENT_TYPE, "application/json");
    let answer = service.send(request, "{}").await;
    answer.assert_refused(415, "unsupported_media_type");
}
