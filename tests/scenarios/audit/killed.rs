//! A gateway that dies between two records, with the commands that an operator then has.

use std::path::Path;

use escale_tests::eventually;
use escale_tests::platform::{Platform, kill, text_of};
use serde_json::json;

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
