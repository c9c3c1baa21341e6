//! The audit log: who did what (L12, R18).

mod chain;
mod killed;

use escale_tests::{Answer, Plan, Town, eventually};
use http::Method;
use serde_json::{Value, json};

use crate::bookings::{booking, tour_with};

/// The records of one request, once there are as many as wanted.
async fn records_of(town: &Town, request_id: &str, wanted: usize) -> Vec<Value> {
    let find = || -> Vec<Value> {
        let records = town.audit().into_iter();
        records
            .filter(|record| record["http.request.id"] == request_id)
            .collect()
    };
    eventually("the records are written", async || find().len() >= wanted).await;
    let found = find();
    assert_eq!(found.len(), wanted, "{found:?}");
    found
}

fn request_id(answer: &Answer) -> String {
    answer.header("x-request-id").to_owned()
}

#[tokio::test]
async fn a_booking_has_a_record_before_and_one_after_that_name_its_user() {
    let town = Town::start().await;
    let (tour, user) = (tour_with(&town, 5).await, town.user().await);
    let request = user
        .request(Method::POST, "/api/bookings?note=s3cret-query")
        .header("user-agent", "scenario/1\tx")
        .json(&booking(&town, &tour, 1));
    let answer = user.send(request).await.assert_status(201);
    let records = records_of(&town, &request_id(&answer), 2).await;
    let me = user.get("/auth/me").await.assert_status(200).field("/id");
    for (record, stage, outcome) in [
        (&records[0], "start", "unknown"),
        (&records[1], "end", "success"),
    ] {
        for (name, value) in [
            ("event.action", "booking.create"),
            ("event.outcome", outcome),
            ("user.id", me.as_str()),
            ("source.ip", "127.0.0.1"),
            ("user_agent.original", r"scenario/1\tx"),
            ("http.request.method", "POST"),
            ("url.path", "/api/bookings"),
        ] {
            assert_eq!(record[name], value, "{name} in {record}");
        }
        assert_eq!(record["event.type"][0], stage);
        assert!(!record.to_string().contains("s3cret"), "{record}");
    }
    assert_eq!(records[1]["http.response.status_code"], 201);
}

#[tokio::test]
async fn a_failed_login_is_an_action_that_failed() {
    let town = Town::start().await;
    let credentials = json!({"pseudo": "alice", "password": "Canari-wrong-password"});
    escale_tests::logs::canary("Canari-wrong-password");
    let answer = town.visitor().post("/auth/login", &credentials).await;
    let answer = answer.assert_refused(401, "credentials_invalid");
    let records = records_of(&town, &request_id(&answer), 2).await;
    let after = &records[1];
    assert_eq!(after["event.action"], "session.login");
    assert_eq!(after["event.outcome"], "failure");
    assert_eq!(after["http.response.status_code"], 401);
    assert_eq!(after["event.category"], json!(["authentication"]));
}

#[tokio::test]
async fn refusals_leave_one_record_each_with_their_reason() {
    let town = Town::start().await;
    let (visitor, user) = (town.visitor(), town.user().await);
    let me = user.get("/auth/me").await.field("/id");
    for (answer, status, code, who) in [
        (
            visitor.get("/api/tours").await,
            401,
            "authorization_missing",
            None,
        ),
        (
            visitor.with_token("rubbish").get("/api/tours").await,
            401,
            "token_invalid",
            None,
        ),
        (
            user.post("/api/tours", &json!({})).await,
            403,
            "insufficient_scope",
            Some(&me),
        ),
        (
            visitor.get("/api//tours").await,
            400,
            "ambiguous_path",
            None,
        ),
    ] {
        let answer = answer.assert_refused(status, code);
        let record = &records_of(&town, &request_id(&answer), 1).await[0];
        assert_eq!(record["event.action"], "request.refused");
        assert_eq!(record["event.reason"], code);
        assert_eq!(record["event.type"], json!(["denied"]));
        assert_eq!(record["http.response.status_code"], status);
        assert_eq!(
            record["user.id"].as_str(),
            who.map(String::as_str),
            "{record}"
        );
    }
}

#[tokio::test]
async fn a_booking_with_faults_is_audited_without_what_it_held() {
    let town = Town::start().await;
    let user = town.user().await;
    let body = json!({"specialRequests": "Canari-in-a-body-0123", "price": 1});
    escale_tests::logs::canary("Canari-in-a-body-0123");
    let answer = user.post("/api/bookings", &body).await;
    let answer = answer.assert_refused(400, "invalid_booking");
    let records = records_of(&town, &request_id(&answer), 2).await;
    assert_eq!(records[1]["event.outcome"], "failure");
    assert_eq!(records[1]["http.response.status_code"], 400);
}

#[tokio::test]
async fn reading_leaves_no_record() {
    let town = Town::start().await;
    let user = town.user().await;
    let answer = user.get("/api/tours").await.assert_status(200);
    // Records stand in the order of their requests: when the later one is there, the earlier would be too.
    let later = user.post("/api/tours", &json!({})).await;
    records_of(&town, &request_id(&later), 1).await;
    records_of(&town, &request_id(&answer), 0).await;
}

#[tokio::test]
async fn without_an_audit_log_nothing_is_booked_and_reading_stays_open() {
    let town = Town::start().await;
    let (tour, user) = (tour_with(&town, 5).await, town.user().await);
    let folder = town.audit_file().parent().unwrap().to_owned();
    let aside = folder.with_file_name("audit-aside");
    std::fs::rename(&folder, &aside).unwrap();
    let body = booking(&town, &tour, 1);
    let refused = user.post("/api/bookings", &body).await;
    let refused = refused.assert_refused(503, "audit_unavailable");
    assert_eq!(
        refused.field("/error"),
        "Cette action est momentanément impossible"
    );
    user.get("/api/tours").await.assert_status(200);
    assert_eq!(user.get("/api/bookings").await.json()["items"], json!([]));

    std::fs::rename(&aside, &folder).unwrap();
    user.post("/api/bookings", &body).await.assert_status(201);
    let told = records_of(&town, &request_id(&refused), 1).await;
    assert_eq!(told[0]["event.reason"], "audit_unavailable");
}

#[tokio::test]
async fn what_the_service_sees_has_its_record_already() {
    let plan = Plan {
        spies: vec!["booking"],
        ..Plan::default()
    };
    let town = Town::planned(plan).await;
    let user = town.user().await;
    let tour = "03c8153e-be6e-4011-90b1-4ecd974db046";
    let sent = user
        .post("/api/bookings", &crate::bookings::booking(&town, tour, 1))
        .await;
    let id = request_id(&sent);
    let records = records_of(&town, &id, 2).await;
    assert_eq!(
        town.spies["booking"].last().headers["x-request-id"],
        id.as_str()
    );
    assert_eq!(records[0]["event.type"], json!(["start"]));
}
