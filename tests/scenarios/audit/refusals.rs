//! What is refused leaves its reason, whoever refused it.

use super::*;

/// Proves: R18
#[tokio::test]
async fn a_failed_login_is_an_action_that_failed() {
    let town = Town::start().await;
    let credentials = json!({"pseudo": "alice", "password": "Canari-wrong-password"});
    logs::canary("Canari-wrong-password");
    let answer = town.visitor().post("/auth/login", &credentials).await;
    let answer = answer.assert_refused(401, "credentials_invalid");
    let records = records_of(&town, &request_id(&answer), 2).await;
    let after = &records[1];
    assert_eq!(after["event.action"], "session.login");
    assert_eq!(after["event.outcome"], "failure");
    assert_eq!(after["http.response.status_code"], 401);
    assert_eq!(after["event.reason"], "credentials_invalid");
    assert_eq!(after["event.category"], json!(["authentication"]));
}

/// Proves: API10:2019
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

/// What only the service knows: it tells the gateway, which tells its logs and not the client.
#[tokio::test]
async fn a_services_refusal_has_its_reason_in_both_logs_and_in_no_header() {
    let town = Town::start().await;
    let user = town.user().await;
    let nobodys = uuid::Uuid::new_v4();
    let unknown = json!({"bookingId": nobodys, "cardToken": "tok_accepted"});
    let cancelled = format!("/api/bookings/{nobodys}/cancel");
    let client = town.visitor();
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "tours:read"),
    ];
    let request = client.request(Method::POST, "/oauth/token").form(&form);
    let request = request.basic_auth("app", Some("Canari-not-its-secret"));
    for (answer, status, code) in [
        (user.post(&cancelled, &Value::Null).await, 404, "not_found"),
        (
            user.post_with_key("/api/payments", "a-key", &unknown).await,
            404,
            "not_found",
        ),
        (client.send(request).await, 401, "invalid_client"),
    ] {
        let answer = answer.assert_status(status);
        let id = request_id(&answer);
        let records = records_of(&town, &id, 2).await;
        assert_eq!(records[1]["event.reason"], code, "{}", records[1]);
        let line = [
            &id,
            "\"target\":\"access\"",
            "\"route\"",
            &format!("\"reason\":\"{code}\""),
        ];
        eventually("the gateway's line is written", async || {
            !logs::watcher().find(&line).is_empty()
        })
        .await;
        assert!(
            !answer.headers.contains_key("x-problem-code"),
            "{:?}",
            answer.headers
        );
    }
}

/// Proves: R18, L12
#[tokio::test]
async fn a_booking_with_faults_is_audited_without_what_it_held() {
    let town = Town::start().await;
    let user = town.user().await;
    let body = json!({"specialRequests": "Canari-in-a-body-0123", "price": 1});
    logs::canary("Canari-in-a-body-0123");
    let answer = user.post("/api/bookings", &body).await;
    let answer = answer.assert_refused(400, "invalid_booking");
    let records = records_of(&town, &request_id(&answer), 2).await;
    assert_eq!(records[1]["event.outcome"], "failure");
    assert_eq!(records[1]["http.response.status_code"], 400);
}
