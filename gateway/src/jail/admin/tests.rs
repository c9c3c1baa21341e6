use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use serde_json::Value;
use service_kit::clock::Clock;
use tower::ServiceExt;

use super::*;
use crate::jail::Offence;
use crate::route_table::{BUILT_IN, RouteTable};
use crate::test_network::TestNetwork;

/// A jail, its operator's side, and the audit log of both.
struct Bench {
    jail: Jail,
    audit: Audit,
    network: TestNetwork,
}

impl Bench {
    fn new() -> Self {
        let network = TestNetwork::new();
        let audit = network.audit();
        let table = RouteTable::read(BUILT_IN).expect("no fault");
        let clock = Clock::manual(Timestamp(1_800_000_000_000));
        let log = audit.clone();
        let jail = Jail::new(table.jail(), clock, move |ban| log.note(ban));
        Self {
            jail,
            audit,
            network,
        }
    }

    async fn ban(&self, key: &str) {
        let who = key.parse().expect("a key");
        while self.jail.seconds_left(&who).await.is_none() {
            self.jail.charge(&who, Offence::FailedLogin).await;
        }
    }

    async fn send(&self, method: &str, path: &str, host: &str) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(HOST, host)
            .body(Body::empty());
        let response = routes(self.jail.clone(), self.audit.clone())
            .oneshot(request.expect("a request"))
            .await
            .expect("an answer");
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.expect("a body");
        let json = serde_json::from_slice(&body.to_bytes()).unwrap_or_default();
        (status, json)
    }

    /// Stage, action, and what follows, of each record that is the jail's.
    async fn records(&self) -> Vec<Value> {
        self.audit.close().await;
        let text = std::fs::read_to_string(self.network.audit_file()).expect("a log");
        let records = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        records
            .filter(|record| record["event.category"][0] == "intrusion_detection")
            .collect()
    }
}

const HERE: &str = "127.0.0.1:18080";

#[tokio::test]
async fn the_list_tells_who_why_and_until_when() {
    let bench = Bench::new();
    assert_eq!(
        bench.send("GET", "/jail", HERE).await,
        (200, json!({"items": []}))
    );
    bench.ban("203.0.113.9").await;
    let (status, body) = bench.send("GET", "/jail", HERE).await;
    let expected = json!({"items": [{
        "key": "203.0.113.9", "side": "address", "banned": true, "until": "2027-01-15T08:01:00.000Z",
        "secondsLeft": 60, "bans": 1, "offence": "failed_login",
    }]});
    assert_eq!((status, body), (200, expected));
}

#[tokio::test]
async fn every_key_that_the_list_shows_can_be_freed() {
    let bench = Bench::new();
    for (key, path) in [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8::/64", "2001:db8::%2F64"),
        ("2001:db8::/64", "2001:db8::7"),
        ("user:app", "user:app"),
    ] {
        bench.ban(key).await;
        let path = format!("/jail/{path}");
        assert_eq!(bench.send("DELETE", &path, HERE).await.0, 204, "{key}");
        assert_eq!(bench.send("DELETE", &path, HERE).await.0, 404, "{key}");
    }
    let (status, body) = bench.send("DELETE", "/jail/nobody", HERE).await;
    assert_eq!((status, &body["code"]), (400, &json!("invalid_data")));
}

/// Proves: API7:2019, API8:2023
#[tokio::test]
async fn a_page_that_points_its_own_name_here_is_not_heard() {
    let bench = Bench::new();
    bench.ban("203.0.113.9").await;
    for host in [
        "evil.test:18080",
        "evil.test",
        "",
        "localhost.evil.test",
        "127.0.0.1.evil.test:1",
        "[::1",
    ] {
        assert_eq!(bench.send("GET", "/jail", host).await.0, 403, "{host}");
        assert_eq!(
            bench.send("DELETE", "/jail/203.0.113.9", host).await.0,
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
        assert_eq!(bench.send("GET", "/jail", host).await.0, 200, "{host}");
    }
}

#[tokio::test]
async fn a_ban_and_what_the_operator_does_about_it_are_recorded() {
    let bench = Bench::new();
    bench.ban("2001:db8::7").await;
    bench.ban("user:app").await;
    bench.send("GET", "/jail", HERE).await;
    bench.send("DELETE", "/jail/user:app", HERE).await;
    bench.send("DELETE", "/jail/user:app", HERE).await;
    let records = bench.records().await;
    let told: Vec<_> = records
        .iter()
        .map(|record| {
            let text = |name: &str| record[name].as_str().unwrap_or("-").to_owned();
            let stage = record["event.type"][0].as_str().expect("a stage");
            let names = [
                "event.action",
                "event.outcome",
                "source.ip",
                "user.id",
                "url.path",
            ];
            format!("{stage} {}", names.map(text).join(" "))
        })
        .collect();
    assert_eq!(
        told,
        [
            "info jail.ban success 2001:db8:: - -",
            "info jail.ban success - app -",
            "info jail.list success - - /jail",
            "start jail.free unknown - - /jail/user:app",
            "end jail.free success - - /jail/user:app",
            "start jail.free unknown - - /jail/user:app",
            "end jail.free failure - - /jail/user:app",
        ]
    );
    assert_eq!(
        records[0]["event.reason"],
        "failed_login: ban 1 of 2001:db8::/64, 60 s"
    );
}

#[tokio::test]
async fn nobody_is_let_out_while_that_cannot_be_recorded() {
    let bench = Bench::new();
    bench.ban("203.0.113.9").await;
    bench.audit.close().await;
    let (status, body) = bench.send("DELETE", "/jail/203.0.113.9", HERE).await;
    assert_eq!((status, &body["code"]), (503, &json!("audit_unavailable")));
    let who = "203.0.113.9".parse().expect("a key");
    assert!(bench.jail.seconds_left(&who).await.is_some());
}
