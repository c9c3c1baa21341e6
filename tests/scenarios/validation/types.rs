//! What is not the one type, coding and reading that a route takes (R13).

use http::Method;

use super::Bench;

/// Proves: R14, edge-bombs
#[tokio::test]
async fn what_is_not_one_json_object_in_one_reading_is_malformed() {
    let bench = Bench::new().await;
    let good = bench.booking().to_string();
    let rest = good.strip_prefix('{').unwrap();
    let deep = |levels: usize| {
        let value = "[".repeat(levels) + &"]".repeat(levels);
        format!(r#"{{"specialRequests":{value},{rest}"#)
    };
    for (body, why) in [
        (deep(7_000).into_bytes(), "deep as the bound of size allows"),
        (deep(32).into_bytes(), "a level too deep"),
        (
            format!(r#"{{"numberOfParticipants":2,{rest}"#).into_bytes(),
            "a key twice",
        ),
        (
            format!(r#"{{"\u006eumberOfParticipants":2,{rest}"#).into_bytes(),
            "a key twice, spelt in two ways",
        ),
        (format!("{good}{good}").into_bytes(), "two values"),
        (format!("{good},").into_bytes(), "text after the value"),
        (format!("\u{feff}{good}").into_bytes(), "a byte order mark"),
        (
            [good.as_bytes(), b"\xff"].concat(),
            "a byte that is no UTF-8",
        ),
        (
            b"{\"specialRequests\":\"\xff\"}".to_vec(),
            "a text that is no UTF-8",
        ),
        (
            good.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "UTF-16",
        ),
        (b"[]".to_vec(), "a list"),
        (b"null".to_vec(), "null"),
        (Vec::new(), "nothing"),
    ] {
        let answer = bench.post("/api/bookings", body).await;
        assert_eq!(
            (answer.status.as_u16(), answer.field("/code").as_str()),
            (400, "malformed_json"),
            "{why}"
        );
    }
    // Thirty-two levels can be read; that a list is no text is another matter.
    let answer = bench.post("/api/bookings", deep(31)).await;
    answer.assert_refused(400, "invalid_booking");
    // Ten thousand levels and their ends are longer than a booking may be.
    let answer = bench.post("/api/bookings", deep(10_000)).await;
    answer.assert_refused(413, "body_too_large");
    let unclosed = r#"{"a":"#.repeat(3_000);
    let answer = bench.post("/api/bookings", unclosed).await;
    answer.assert_refused(400, "malformed_json");
    assert!(bench.arrived("booking").is_empty());
}

/// Proves: R13
#[tokio::test]
async fn a_body_of_another_type_or_in_another_coding_never_arrives() {
    let bench = Bench::new().await;
    let body = bench.booking().to_string();
    let json = ("content-type", "application/json");
    for (headers, status, code) in [
        (vec![], 415, "unsupported_media_type"),
        (
            vec![("content-type", "application/xml")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![("content-type", "text/plain")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![("content-type", "application/x-www-form-urlencoded")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![("content-type", "multipart/form-data; boundary=x")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![("content-type", "application/json; charset=utf-16")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![json, ("content-type", "application/json")],
            400,
            "malformed_request",
        ),
        (
            vec![json, ("content-type", "text/xml")],
            400,
            "malformed_request",
        ),
        (
            vec![json, ("content-encoding", "gzip")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![json, ("content-encoding", "identity")],
            415,
            "unsupported_media_type",
        ),
        (
            vec![json, ("content-range", "bytes 0-1/2")],
            400,
            "malformed_request",
        ),
        (vec![json, ("accept", "text/html")], 406, "not_acceptable"),
        (
            vec![json, ("accept", "application/json;q=0, */*")],
            406,
            "not_acceptable",
        ),
    ] {
        let mut request = bench
            .user
            .request(Method::POST, "/api/bookings")
            .body(body.clone());
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let answer = bench.user.send(request).await;
        assert_eq!(
            (answer.status.as_u16(), answer.field("/code").as_str()),
            (status, code),
            "{headers:?}"
        );
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    assert!(bench.arrived("booking").is_empty());
    let browser = bench.user.request(Method::GET, "/api/tours");
    let browser = browser.header("accept", "text/html,application/xml;q=0.9,*/*;q=0.8");
    bench.user.send(browser).await.assert_status(200);
}

/// Proves: edge-bombs
#[tokio::test]
async fn a_gzip_bomb_is_refused_unopened() {
    let bench = Bench::new().await;
    // The head of a gzip stream is enough: nobody may look further.
    let bomb = [&[0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff][..], &[0; 4_096]].concat();
    let coded = bench.user.request(Method::POST, "/api/bookings");
    let coded = coded
        .header("content-type", "application/json")
        .header("content-encoding", "gzip");
    let answer = bench.user.send(coded.body(bomb.clone())).await;
    assert_eq!(answer.header("accept-encoding"), "identity");
    answer.assert_refused(415, "unsupported_media_type");
    let hidden = bench.post("/api/bookings", bomb).await;
    hidden.assert_refused(400, "malformed_json");
    assert!(bench.arrived("booking").is_empty());
}
