use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use serde_json::Value;
use service_kit::clock::Clock;
use tower::ServiceExt;

use super::*;
use crate::jail::Offence;
use crate::route_table::{BUILT_IN, RouteTable};

fn jail() -> Jail {
    let table = RouteTable::read(BUILT_IN).expect("no fault");
    Jail::new(table.jail(), Clock::manual(Timestamp(1_800_000_000_000)))
}

async fn ban(jail: &Jail, key: &str) {
    let who = key.parse().expect("a key");
    while jail.seconds_left(&who).await.is_none() {
        jail.charge(&who, Offence::FailedLogin).await;
    }
}

async fn send(jail: &Jail, method: &str, path: &str, host: &str) -> (u16, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(HOST, host)
        .body(Body::empty());
    let response = routes(jail.clone())
        .oneshot(request.expect("a request"))
        .await
        .expect("an answer");
    let status = response.status().as_u16();
    let body = response.into_body().collect().await.expect("a body");
    let json = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
    (status, json)
}

const HERE: &str = "127.0.0.1:18080";

#[tokio::test]
async fn the_list_tells_who_why_and_until_when() {
    let jail = jail();
    assert_eq!(
        send(&jail, "GET", "/jail", HERE).await,
        (200, json!({"items": []}))
    );
    ban(&jail, "203.0.113.9").await;
    let (status, body) = send(&jail, "GET", "/jail", HERE).await;
    let expected = json!({"items": [{
        "key": "203.0.113.9", "side": "address", "banned": true, "until": "2027-01-15T08:01:00.000Z",
        "secondsLeft": 60, "bans": 1, "offence": "failed_login",
    }]});
    assert_eq!((status, body), (200, expected));
}

#[tokio::test]
async fn every_key_that_the_list_shows_can_be_freed() {
    let jail = jail();
    for (key, path) in [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8::/64", "2001:db8::%2F64"),
        ("2001:db8::/64", "2001:db8::7"),
        ("user:app", "user:app"),
    ] {
        ban(&jail, key).await;
        let path = format!("/jail/{path}");
        assert_eq!(send(&jail, "DELETE", &path, HERE).await.0, 204, "{key}");
        assert_eq!(send(&jail, "DELETE", &path, HERE).await.0, 404, "{key}");
    }
    let (status, body) = send(&jail, "DELETE", "/jail/nobody", HERE).await;
    assert_eq!((status, &body["code"]), (400, &json!("invalid_data")));
}

#[tokio::test]
async fn a_page_that_points_its_own_name_here_is_not_heard() {
    let jail = jail();
    ban(&jail, "203.0.113.9").await;
    for host in [
        "evil.test:18080",
        "evil.test",
        "",
        "localhost.evil.test",
        "127.0.0.1.evil.test:1",
        "[::1",
    ] {
        assert_eq!(send(&jail, "GET", "/jail", host).await.0, 403, "{host}");
        assert_eq!(
            send(&jail, "DELETE", "/jail/203.0.113.9", host).await.0,
            403,
            "{host}"
        );
    }
    for host in [
        HERE,
        "localhost:1",
        "LOCALHOST",
        "127.0.0.1",
        "[::1]:5",
        "[::1]",
        "10.0.0.7:18080",
    ] {
        assert_eq!(send(&jail, "GET", "/jail", host).await.0, 200, "{host}");
    }
}
