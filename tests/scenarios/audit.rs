//! The audit log: who did what, and that nobody can take it back unnoticed (L12, R18).

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

/// None of these requests has a token: only auth's answer knows whose account it is about.
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

/// Any change to the file of a stopped gateway: what `verify` finds.
fn finding_after(town: &Town, change: impl FnOnce(Vec<&str>) -> String) -> Finding {
    let whole = std::fs::read_to_string(town.audit_file()).unwrap();
    std::fs::write(
        town.audit_file(),
        change(whole.split_inclusive('\n').collect()),
    )
    .unwrap();
    let finding = verify(&town.audit_file(), &town.audit_key()).expect_err("it is found");
    std::fs::write(town.audit_file(), whole).unwrap();
    finding
}

#[tokio::test]
async fn tampering_with_the_log_is_found_and_told_with_its_line() {
    let mut town = Town::start().await;
    town.account("alice").await.get("/api/tours").await;
    town.stop("gateway").await;
    let verdict = verify(&town.audit_file(), &town.audit_key()).expect("whole");
    assert!(
        verdict.records >= 5 && verdict.unanchored == 0,
        "{verdict:?}"
    );
    let last = verdict.last;

    let changed = finding_after(&town, |lines| {
        lines.concat().replacen("session.login", "session.logon", 1)
    });
    assert!(
        matches!(changed, Finding::Line { line: 3, .. }),
        "{changed}"
    );
    let removed = finding_after(&town, |mut lines| {
        lines.remove(2);
        lines.concat()
    });
    assert!(
        matches!(removed, Finding::Line { line: 3, .. }),
        "{removed}"
    );
    let added = finding_after(&town, |mut lines| {
        lines.insert(2, lines[1]);
        lines.concat()
    });
    assert!(matches!(added, Finding::Line { line: 3, .. }), "{added}");
    let cut = finding_after(&town, |mut lines| {
        lines.pop();
        lines.concat()
    });
    assert!(
        matches!(cut, Finding::Truncated { expected, .. } if expected == last),
        "{cut}"
    );
}

#[tokio::test]
async fn a_restart_continues_the_chain() {
    let mut town = Town::start().await;
    town.account("alice").await;
    town.stop("gateway").await;
    let first = verify(&town.audit_file(), &town.audit_key()).expect("whole");
    town.start_again("gateway").await;
    eventually("the gateway has its keys", async || {
        town.visitor().get("/health").await.status == 200
    })
    .await;
    town.account("bob").await;
    town.stop("gateway").await;
    let second = verify(&town.audit_file(), &town.audit_key()).expect("whole");
    assert!(second.records > first.records && second.torn == 0);
}

#[tokio::test]
async fn the_log_moves_to_a_new_month_with_the_clock_and_stays_whole() {
    let mut town = Town::start().await;
    town.account("alice").await;
    town.pass(std::time::Duration::from_secs(32 * 86_400));
    eventually("the month is closed", async || {
        let folder = town.audit_file().parent().unwrap().to_owned();
        let names = std::fs::read_dir(folder).unwrap().flatten();
        names
            .filter(|entry| entry.file_name().to_string_lossy().starts_with("gateway-"))
            .count()
            == 1
    })
    .await;
    town.account("bob").await;
    town.stop("gateway").await;
    let verdict = verify(&town.audit_file(), &town.audit_key()).expect("whole");
    assert_eq!(verdict.records, verdict.last);
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

/// Bookings of nothing, one after the other, until the gateway is gone.
async fn traffic(platform: &Platform, token: &str) {
    let pem = std::fs::read(platform.home().join("certs/ca.pem")).unwrap();
    let client = reqwest::Client::builder()
        .tls_certs_only(reqwest::Certificate::from_pem_bundle(&pem).unwrap())
        .no_proxy()
        .build()
        .unwrap();
    let url = format!(
        "https://localhost:{}/api/bookings",
        platform.port("gateway")
    );
    loop {
        let request = client.post(&url).bearer_auth(token).json(&json!({}));
        if request.send().await.is_err() {
            return;
        }
    }
}

fn lines(file: &Path) -> usize {
    std::fs::read_to_string(file)
        .unwrap_or_default()
        .lines()
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_killed_in_the_middle_of_traffic_leaves_a_log_that_verifies_and_goes_on() {
    service_kit::process::install_crypto_provider();
    let platform = Platform::up();
    let file = platform.home().join("data/audit/gateway.jsonl");
    let token = platform.lab(&["token", "--user", "alice"]);
    let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
    let before = lines(&file);
    let busy = futures_util::future::join_all((0..8).map(|_| traffic(&platform, &token)));
    let killing = async {
        eventually("the traffic is recorded", async || {
            lines(&file) > before + 40
        })
        .await;
        kill(platform.pid("gateway"));
    };
    tokio::join!(busy, killing);

    let verified = platform.lab(&["audit", "verify"]);
    assert!(verified.status.success(), "{}", text_of(&verified));
    let again = platform.lab_up(&["--only", "gateway"]);
    assert!(again.status.success(), "{}", text_of(&again));
    let verified = platform.lab(&["audit", "verify"]);
    let text = text_of(&verified);
    assert!(
        verified.status.success() && !text.contains("coupée"),
        "{text}"
    );

    let shown = platform.lab(&["audit", "show", "--action", "booking.create", "--last", "3"]);
    assert_eq!(
        String::from_utf8_lossy(&shown.stdout).lines().count(),
        3,
        "{}",
        text_of(&shown)
    );
    platform.lab(&["down"]);
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replacen("booking.create", "booking.cancel", 1)).unwrap();
    let tampered = platform.lab(&["audit", "verify"]);
    let told = text_of(&tampered);
    assert_eq!(tampered.status.code(), Some(1), "{told}");
    assert!(told.contains("ligne") && told.contains("changé"), "{told}");
    std::fs::write(&file, text).unwrap();
    platform.check_logs();
}
