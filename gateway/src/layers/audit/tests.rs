use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::middleware::{from_fn, from_fn_with_state};
use serde_json::Value;
use service_kit::peer::Connection;
use tower::ServiceExt;

use super::*;
use crate::client_address::ClientAddress;
use crate::layers::access_log::access_log;
use crate::layers::request_id::request_id;
use crate::layers::route::route;
use crate::route_table::{BUILT_IN, RouteTable};
use crate::test_network::TestNetwork;

struct Bench {
    network: TestNetwork,
    auditing: Auditing,
}

impl Bench {
    fn new() -> Self {
        let network = TestNetwork::new();
        let auditing = Auditing {
            log: network.audit(),
            clock: network.life.clock.clone(),
        };
        Self { network, auditing }
    }

    /// The two halves, with `service` in the place of everything further in.
    fn app(&self, service: Router) -> Router {
        let table = Arc::new(RouteTable::read(BUILT_IN).expect("no fault"));
        service
            .layer(from_fn_with_state(self.auditing.clone(), audit))
            .layer(from_fn_with_state(table, route))
            .layer(from_fn_with_state(self.auditing.clone(), audit_refusals))
            .layer(from_fn(access_log))
            .layer(from_fn(request_id))
    }

    /// Of the requests so far; the log's own records are left out.
    async fn records(&self) -> Vec<Value> {
        self.auditing.log.close().await;
        let text = std::fs::read_to_string(self.network.audit_file()).expect("a log");
        let records = text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        records
            .filter(|record| record["event.type"][0] != "info")
            .collect()
    }
}

fn post(path: &str) -> Request {
    let request = Request::post(path).header("user-agent", "curl/8\tx");
    let mut request = request.body(Body::empty()).expect("a request");
    let remote = std::net::SocketAddr::from(([203, 0, 113, 9], 40_000));
    let client = ClientAddress(remote.ip());
    request.extensions_mut().insert(client);
    request
        .extensions_mut()
        .insert(Connection { remote, peer: None });
    request
}

/// Proves: T5
#[tokio::test]
async fn an_action_has_a_record_before_and_one_after_with_ecs_names() {
    let bench = Bench::new();
    let app = bench.app(Router::new().fallback(|| async { StatusCode::CREATED }));
    let sent = post("/api/bookings?access_token=s3cret");
    app.oneshot(sent).await.expect("an answer");
    let records = bench.records().await;
    let [before, after] = &records[..] else {
        panic!("{records:?}")
    };
    for (record, stage, outcome) in [(before, "start", "unknown"), (after, "end", "success")] {
        for (name, value) in [
            ("event.kind", "event"),
            ("event.action", "booking.create"),
            ("event.outcome", outcome),
            ("source.ip", "203.0.113.9"),
            ("user_agent.original", r"curl/8\tx"),
            ("http.request.method", "POST"),
            ("url.path", "/api/bookings"),
        ] {
            assert_eq!(record[name], value, "{name} in {record}");
        }
        assert_eq!(record["event.type"][0], stage);
        assert!(!record.to_string().contains("s3cret"), "{record}");
    }
    assert_eq!(after["http.response.status_code"], 201);
    assert_eq!(before["http.request.id"], after["http.request.id"]);
    assert_eq!(after["event.previous_hash"], before["event.hash"]);
}

/// Proves: R18
#[tokio::test]
async fn the_first_record_is_durable_before_the_action_begins() {
    let bench = Bench::new();
    let file = bench.network.audit_file();
    let look = move || async move { std::fs::read_to_string(file).expect("a log") };
    let app = bench.app(Router::new().fallback(look));
    let answer = app.oneshot(post("/api/payments")).await.expect("an answer");
    let seen = axum::body::to_bytes(answer.into_body(), 100_000).await;
    let seen = String::from_utf8(seen.expect("a body").to_vec()).expect("text");
    assert!(seen.contains("payment.create"), "{seen}");
}

#[tokio::test]
async fn a_refusal_further_in_is_the_end_of_the_action_and_no_second_record() {
    let bench = Bench::new();
    let refuse = || async { ApiError::new(Code::InvalidBooking).because("secret detail") };
    let app = bench.app(Router::new().fallback(refuse));
    app.oneshot(post("/api/bookings")).await.expect("an answer");
    let records = bench.records().await;
    assert_eq!(records.len(), 2, "{records:?}");
    assert_eq!(records[1]["event.outcome"], "failure");
    assert_eq!(records[1]["event.reason"], "invalid_booking");
    assert!(!records[1].to_string().contains("secret detail"));
}

#[tokio::test]
async fn what_is_read_leaves_a_record_only_when_it_is_refused() {
    let bench = Bench::new();
    let app = bench.app(Router::new().fallback(|request: Request| async move {
        match request.uri().query() {
            Some(query) => StatusCode::from_bytes(query.as_bytes()).expect("a status"),
            None => StatusCode::OK,
        }
    }));
    for query in ["", "?404", "?500", "?401", "?403", "?429", "?400"] {
        let request = Request::get(format!("/api/tours{query}"));
        let request = request.body(Body::empty()).expect("a request");
        app.clone().oneshot(request).await.expect("an answer");
    }
    let records = bench.records().await;
    let statuses: Vec<_> = records
        .iter()
        .map(|record| record["http.response.status_code"].as_u64())
        .collect();
    assert_eq!(statuses, [Some(401), Some(403), Some(429), Some(400)]);
    assert!(
        records
            .iter()
            .all(|record| record["event.action"] == "request.refused")
    );
}

#[tokio::test]
async fn an_action_whose_client_goes_away_ends_with_an_unknown_outcome() {
    let bench = Bench::new();
    let reached = Arc::new(tokio::sync::Notify::new());
    let begun = Arc::clone(&reached);
    let never = move || async move {
        begun.notify_one();
        std::future::pending::<()>().await;
    };
    let app = bench.app(Router::new().fallback(never));
    tokio::select! {
        _ = app.oneshot(post("/api/bookings")) => panic!("it never answers"),
        () = reached.notified() => {}
    }
    let records = bench.records().await;
    assert_eq!(records[1]["event.outcome"], "unknown", "{records:?}");
    assert_eq!(records[1]["event.type"][0], "end");
}

/// Proves: val-disk-full
#[tokio::test]
async fn while_the_log_cannot_be_written_actions_are_refused_and_reading_is_open() {
    let bench = Bench::new();
    let file = bench.network.audit_file();
    std::fs::rename(&file, file.with_extension("aside")).expect("moved");
    let app = bench.app(Router::new().fallback(|| async {}));
    let refused = app.clone().oneshot(post("/api/bookings")).await;
    let refused = refused.expect("an answer");
    assert_eq!(refused.status(), 503);
    let error = refused.extensions().get::<ApiError>().expect("a refusal");
    assert_eq!(error.code, Code::AuditUnavailable);
    let read = Request::get("/api/bookings")
        .body(Body::empty())
        .expect("a request");
    let read = app.clone().oneshot(read).await.expect("an answer");
    assert_eq!(read.status(), 200);

    std::fs::rename(file.with_extension("aside"), &file).expect("moved back");
    let open = app.oneshot(post("/api/bookings")).await.expect("an answer");
    assert_eq!(open.status(), 200);
    let records = bench.records().await;
    assert_eq!(records.len(), 3, "the refusal is told too: {records:?}");
    assert_eq!(records[0]["event.reason"], "audit_unavailable");
}

/// Ten thousand refusals, of which a thousand are written, and the log says how many were not.
#[tokio::test]
async fn a_flood_of_refusals_is_bounded_and_counted() {
    let bench = Bench::new();
    let refuse = || async { ApiError::new(Code::TooManyRequests) };
    let app = bench.app(Router::new().fallback(refuse));
    let flood = async {
        for _ in 0..10_000 {
            let request = Request::get("/api/tours").body(Body::empty());
            let answer = app.clone().oneshot(request.expect("a request")).await;
            assert_eq!(answer.expect("an answer").status(), 429);
        }
    };
    tokio::time::timeout(Duration::from_secs(60), flood)
        .await
        .expect("no refusal waits");
    let written = bench.records().await.len();
    // The minute may end in the middle of the flood.
    assert!((1..=2_000).contains(&written), "{written}");
    let text = std::fs::read_to_string(bench.network.audit_file()).expect("a log");
    let told: usize = text
        .lines()
        .filter(|line| line.contains("audit.missed"))
        .filter_map(|line| {
            line.split_once("event.reason\":\"")?
                .1
                .split(' ')
                .next()?
                .parse::<usize>()
                .ok()
        })
        .sum();
    assert_eq!(written + told, 10_000);
}
