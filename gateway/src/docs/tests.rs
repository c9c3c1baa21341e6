//! What a browser may do with the page, and that all that it needs is here.

use axum::body::to_bytes;

use super::*;

fn get(path: &str, headers: &[(HeaderName, &str)]) -> Response {
    let asked = headers.iter().map(|(name, value)| {
        let value = value.parse().expect("a header value");
        (name.clone(), value)
    });
    let answer = answer(path, &asked.collect());
    answer.expect("a path of the description").expect("a file")
}

async fn text(answer: Response) -> String {
    let bytes = to_bytes(answer.into_body(), usize::MAX).await;
    String::from_utf8(bytes.expect("a body").to_vec()).expect("UTF-8")
}

/// Proves: API8:2023, edge-responses
#[tokio::test]
async fn no_script_within_the_page_can_run_and_it_has_none() {
    let answer = get("/docs", &[]);
    let policy = answer.headers()[CONTENT_SECURITY_POLICY]
        .to_str()
        .expect("text")
        .to_owned();
    for rule in [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ] {
        assert!(
            policy.split("; ").any(|given| given == rule),
            "{rule}: {policy}"
        );
    }
    assert!(!policy.contains("unsafe-"));
    let page = text(answer).await;
    let scripts = page.matches("<script").count();
    assert_eq!(page.matches("<script src=\"/docs/").count(), scripts);
    assert!(
        scripts == 2 && !page.contains(" on") && !page.contains("//"),
        "{page}"
    );
}

#[tokio::test]
async fn all_that_the_page_loads_is_embedded() {
    let page = text(get("/docs", &[])).await + &text(get("/docs/start.js", &[])).await;
    let mut found = 0;
    for piece in page.split("\"/docs/").skip(1) {
        let name = piece.split('"').next().expect("a name");
        assert_eq!(get(&format!("/docs/{name}"), &[]).status(), 200, "{name}");
        found += 1;
    }
    assert!(found >= 6, "{found}");
    for name in names() {
        let answer = get(&format!("/docs/{name}"), &[]);
        let packed = answer.headers().get(CONTENT_ENCODING).is_some();
        let bytes = to_bytes(answer.into_body(), usize::MAX)
            .await
            .expect("a body");
        assert!(bytes.len() > 50, "{name}");
        // RFC 1952 section 2.3.1: gzip, deflate.
        assert_eq!(bytes.starts_with(&[0x1f, 0x8b, 8]), packed, "{name}");
    }
}

/// Apache-2.0 section 4: who hands it on hands on a copy of the licence, and what the notice says.
#[tokio::test]
async fn swagger_uis_licence_and_notice_are_led_to_and_are_what_they_say() {
    let page = text(get("/docs", &[])).await;
    for (name, shortest) in [
        ("swagger-ui-license.txt", 10_000),
        ("swagger-ui-notice.txt", 50),
    ] {
        assert!(page.contains(&format!("href=\"/docs/{name}\"")), "{name}");
        let answer = get(&format!("/docs/{name}"), &[]);
        assert_eq!(answer.headers()[CONTENT_TYPE], TEXT);
        let bytes = to_bytes(answer.into_body(), usize::MAX).await;
        let bytes = bytes.expect("a body");
        // RFC 1952 section 2.3.1: how long it is unpacked.
        let length = bytes.last_chunk().copied().map(u32::from_le_bytes);
        assert!(length.is_some_and(|length| length >= shortest), "{name}");
    }
    let notice = get("/docs/swagger-ui-notice.txt", &[]).into_body();
    let notice = to_bytes(notice, usize::MAX).await.expect("a body");
    let owner = b"SmartBear Software Inc.";
    assert!(notice.windows(owner.len()).any(|part| part == owner));
}

#[tokio::test]
async fn the_document_is_in_the_readers_language_and_says_that_it_could_be_another() {
    for (asked, language) in [
        ("", "fr"),
        ("en-GB", "en"),
        ("de, en;q=0.5", "en"),
        ("de", "fr"),
    ] {
        let answer = get("/docs/openapi.json", &[(ACCEPT_LANGUAGE, asked)]);
        assert_eq!(answer.headers()[CONTENT_LANGUAGE], language, "{asked}");
        assert_eq!(answer.headers()[VARY], "accept-language");
        let same = get(&format!("/docs/openapi.{language}.json"), &[]);
        assert!(!same.headers().contains_key(VARY));
        assert_eq!(text(answer).await, text(same).await);
    }
}

#[tokio::test]
async fn what_a_reader_has_is_not_sent_again() {
    for path in ["/docs", "/docs/swagger-ui.css", "/docs/openapi.json"] {
        let tag = get(path, &[]).headers()[ETAG]
            .to_str()
            .expect("text")
            .to_owned();
        assert!(
            tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"'),
            "{tag}"
        );
        for known in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"a\", {tag}"),
            "*".to_owned(),
        ] {
            let answer = get(path, &[(IF_NONE_MATCH, &known)]);
            assert_eq!(
                (answer.status(), &answer.headers()[ETAG]),
                (StatusCode::NOT_MODIFIED, &TAG)
            );
            assert_eq!(text(answer).await, "");
        }
        assert_eq!(get(path, &[(IF_NONE_MATCH, "\"another\"")]).status(), 200);
    }
}

#[test]
fn what_is_not_of_the_description_is_not_answered_here() {
    for path in ["/health", "/docsx", "/api/tours"] {
        assert!(answer(path, &HeaderMap::new()).is_none(), "{path}");
    }
    for path in [
        "/docs/",
        "/docs/page.html",
        "/docs/../routes.toml",
        "/docs/swagger-ui.css.gz",
    ] {
        let refused = answer(path, &HeaderMap::new()).expect("a path of the description");
        assert_eq!(refused.expect_err(path).code, Code::NotFound);
    }
}
