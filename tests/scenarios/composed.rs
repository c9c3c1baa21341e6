//! docker-compose.yml, really started: the journey against it, and again while one part after the other is killed; the
//! doors that are open, and those that are not; two gateways that count as one.
//!
//! It takes minutes and wants a Docker engine, so it is run by name:
//!
//! ```sh
//! cargo test -p escale-tests --test scenarios composed -- --ignored --nocapture
//! ```
//!
//! The images are built in it, with `ESCALE_PROFILE=dev` unless that is set; `ESCALE_IMAGES=ready` takes those that are
//! here. Who has no registry of images in reach runs `deploy/ci/stand-ins` before.

mod away;
mod doors;
mod limits;
mod profiles;
mod rolling;

use std::time::Duration;

use escale_tests::composed::crowd::{Crowd, Report};
use escale_tests::composed::{Composed, Ledger, Limits};
use escale_tests::eventually_within;
use escale_tests::platform::{lab_binary, text_of};

/// One platform for all of it: starting one takes half a minute.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "builds images and starts containers: .ci/run does it where a Docker engine answers"]
async fn the_platform_in_containers_keeps_what_it_promises_whatever_part_of_it_dies() {
    let platform = Composed::build_and_start().await;
    told("the journey");
    journey(&platform);
    told("the doors");
    doors::only_the_balancers_port_is_open(&platform);
    doors::every_container_is_confined(&platform);
    doors::a_stranger_on_the_inside_network_meets_mutual_tls(&platform);

    let crowd = Crowd::gather(&platform, 2);
    crowd.journeys(5).await;
    told("one gateway is killed");
    away::one_gateway(&platform, &crowd).await;
    told("one service is killed");
    away::one_service(&platform, &crowd).await;
    told("Redis is killed");
    away::redis(&platform, &crowd).await;
    told("PostgreSQL is killed");
    away::postgres(&platform, &crowd).await;
    settled(&platform, crowd.go_home().await).await;
    journey(&platform);

    told("a rolling restart, two containers a service");
    let report = rolling::every_container_in_turn(&platform).await;
    settled(&platform, report).await;

    told("one limit for two gateways");
    limits::a_hundred_requests_pass_at_both_gateways_together(&platform).await;
    limits::a_token_revoked_at_one_gateway_is_refused_at_the_other(&platform).await;

    told("the profiles");
    profiles::prometheus_reads_every_container(&platform).await;
    profiles::one_gateway_on_sqlite_is_enough_for_the_journey(&platform).await;
}

/// `cargo lab demo` as anybody runs it against a platform elsewhere.
fn journey(platform: &Composed) {
    let output = std::process::Command::new(lab_binary())
        .args(["demo", "--url", &platform.url(), "--cacert"])
        .arg(platform.authority())
        .output()
        .expect("the lab runs");
    assert!(output.status.success(), "{}", text_of(&output));
}

/// Every payment that somebody was told of is made, and the books of three databases agree.
async fn settled(platform: &Composed, report: Report) {
    told(&format!(
        "{} payments; asked once more: {:?}",
        report.promises.len(),
        report.retries
    ));
    eventually_within(
        Duration::from_secs(60),
        "the books are at rest",
        async || Ledger::read(platform).at_rest(),
    )
    .await;
    let ledger = Ledger::read(platform);
    ledger.assert_sound();
    let client = platform.client();
    for promise in &report.promises {
        let payment = &promise.payment;
        assert_eq!(ledger.status(payment), "captured", "{payment}");
    }
    // The same by the API, as the customer sees it; the last ones are enough of that.
    for promise in report.promises.iter().rev().take(10) {
        let payment = format!("/api/payments/{}", promise.payment);
        let payment = platform.get(&client, &payment, &promise.token).await;
        assert_eq!(payment.assert_status(200).field("/status"), "captured");
        let booking = format!("/api/bookings/{}", promise.booking);
        let booking = platform.get(&client, &booking, &promise.token).await;
        assert_eq!(booking.assert_status(200).field("/status"), "confirmed");
    }
}

/// It takes minutes: what happens now is said on the terminal.
fn told(what: &str) {
    eprintln!("composed: {what}");
}

/// A new account's token, by requests that count like any other.
async fn token(platform: &Composed) -> String {
    session(platform).await["access_token"]
        .as_str()
        .expect("a token")
        .to_owned()
}

async fn session(platform: &Composed) -> serde_json::Value {
    let mark = uuid::Uuid::new_v4().simple().to_string();
    let pseudo = format!("s-{}", &mark[..16]);
    let account = serde_json::json!({"pseudo": pseudo, "email": format!("{mark}@example.org"), "password": mark});
    let login = serde_json::json!({"pseudo": pseudo, "password": mark});
    let (client, url) = (platform.client(), platform.url());
    let mut last = serde_json::Value::Null;
    for (path, body, status) in [("register", account, 201), ("login", login, 200)] {
        let request = client.post(format!("{url}/auth/{path}")).json(&body);
        let answer = request.send().await.expect("a gateway answers");
        assert_eq!(answer.status().as_u16(), status, "{path}");
        last = answer.json().await.expect("JSON");
    }
    last
}

/// Back to the numbers of routes.toml; the gateways are made anew for it.
async fn with_the_built_in_limits(platform: &Composed) {
    platform.up(Limits::BuiltIn, 1).await;
}
