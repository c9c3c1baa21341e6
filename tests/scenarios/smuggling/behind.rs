//! What stands behind a request on its connection: a request of its own, or none.

use super::Attacked;

/// Proves: edge-smuggling
#[tokio::test]
async fn requests_behind_each_other_are_answered_in_order_and_a_bad_one_ends_them() {
    let attacked = Attacked::begin().await;
    let [one, two] = ["/api/tours/1", "/api/tours/2"].map(|path| attacked.get(path));
    let bad = "GET /api/tours/smuggled HTTP/1.1\r\n\r\n";
    let behind = attacked.get("/api/tours/behind");
    let answers = attacked
        .town
        .exchange(format!("{one}{two}{bad}{behind}").as_bytes())
        .await;
    assert_eq!(answers.statuses(), [200, 200, 400], "{}", answers.0);
    assert_eq!(
        [attacked.seen("/tours/1"), attacked.seen("/tours/2")],
        [1, 1]
    );
    attacked.assert_nothing_passed("the bad one");
}

/// Proves: edge-upgrade
#[tokio::test]
async fn what_follows_an_upgrade_that_is_not_honoured_is_authenticated_on_its_own() {
    let attacked = Attacked::begin().await;
    let token = attacked.user.token();
    for upgrade in ["foo", "h2c", "websocket"] {
        let first = format!(
            "GET /api/tours/first HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
             Connection: Upgrade, HTTP2-Settings\r\nUpgrade: {upgrade}\r\nHTTP2-Settings: AAMAAABk\r\n\
             Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        let second =
            "GET /api/tours/smuggled HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let answers = attacked.town.exchange((first + second).as_bytes()).await;
        assert_eq!(answers.statuses(), [200, 401], "{upgrade}: {}", answers.0);
    }
    assert_eq!(
        [
            attacked.seen("/tours/first"),
            attacked.seen("/tours/smuggled")
        ],
        [3, 0]
    );
    let passed = attacked.town.spies["catalog"].last().headers;
    for name in ["upgrade", "connection", "http2-settings"] {
        assert!(!passed.contains_key(name), "{name}: {passed:?}");
    }
}

/// CL.0: a server that thinks a GET, or a route that reads no body, has none takes the body for the next request.
/// Proves: edge-smuggling
#[tokio::test]
async fn a_body_is_a_body_whoever_reads_it() {
    let attacked = Attacked::begin().await;
    for line in [
        "GET /api/tours/first HTTP/1.1",
        "POST /api/nothing HTTP/1.1",
        "DELETE /health HTTP/1.1",
    ] {
        let head = format!(
            "{line}\r\nHost: localhost\r\nAuthorization: Bearer {{token}}\r\nContent-Length: {{length}}\r\n\r\n"
        );
        let last = "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        let attack = attacked.fill(&(head + "{smuggled}")) + last;
        let answers = attacked.town.exchange(attack.as_bytes()).await;
        let statuses = answers.statuses();
        // A server may also close instead of reading what nobody wants.
        assert!(
            matches!(statuses[..], [_] | [_, 200]),
            "{line}: {}",
            answers.0
        );
        attacked.assert_nothing_passed(line);
    }
    attacked.assert_a_canary_lives().await;
}
