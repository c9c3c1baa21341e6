//! The audit log: who did what, and that nobody can take it back unnoticed (L12, R18).

mod integrity;
mod refusals;

use std::path::Path;

use escale_tests::platform::{Platform, kill, text_of};
use escale_tests::{Answer, Plan, Town, eventually, logs};
use http::Method;
use serde_json::{Value, json};
use service_kit::audit::verify;
use service_kit::audit::verify::Finding;

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

/// Proves: R15, R18, L12, API10:2019
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

/// None of these requests has a token: only auth's answer knows whose account it is about.
/// Proves: R18, L12
#[tokio::test]
async fn sessions_are_recorded_with_their_user_and_no_answer_names_him() {
    let town = Town::start().await;
    let user = town.user().await;
    let me = user.get("/auth/me").await.assert_status(200).field("/id");
    let visitor = town.visitor();
    let login = |name: &str, password: &str| json!({"pseudo": name, "password": password});
    let wrong = "Canari-somebody-elses";
    let again = json!({"pseudo": "v-new", "email": "v-new@canary.example", "password": wrong});
    let token = json!({"refresh_token": user.session["refresh_token"]});
    for (path, body, status, is_known) in [
        (
            "/auth/login",
            login(&user.pseudo, &user.password),
            200,
            true,
        ),
        ("/auth/login", login(&user.pseudo, wrong), 401, true),
        (
            "/auth/login",
            login("nobody-of-that-name", wrong),
            401,
            false,
        ),
        ("/auth/refresh", token.clone(), 200, true),
        ("/auth/refresh", json!({"refresh_token": "x"}), 401, false),
        ("/auth/logout", token, 204, true),
        ("/auth/register", again.clone(), 201, true),
        ("/auth/register", again, 409, false),
    ] {
        let answer = visitor.post(path, &body).await.assert_status(status);
        assert!(!answer.headers.contains_key("x-subject"), "{answer:?}");
        let id = request_id(&answer);
        let records = records_of(&town, &id, 2).await;
        let whose = match path {
            "/auth/register" if is_known => Some(answer.field("/id")),
            _ => is_known.then(|| me.clone()),
        };
        assert_eq!(records[0]["user.id"], Value::Null, "nobody knows it yet");
        assert_eq!(
            records[1]["user.id"].as_str(),
            whose.as_deref(),
            "{path} {status}"
        );
        let user = whose.unwrap_or_else(|| "anonymous".to_owned());
        eventually("the gateway's line names the user", async || {
            let user = format!("\"user\":\"{user}\"");
            !logs::watcher().find(&[&id, "\"route\"", &user]).is_empty()
        })
        .await;
    }
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

/// Proves: R18, val-disk-full
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

/// Proves: R18
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
