//! The platform as real processes, by the `cargo lab` command: up, status, demo, a killed service, down.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use escale_tests::eventually;
use escale_tests::platform::{Platform, is_alive, kill, text_of};

const SERVICES: [&str; 6] = ["gateway", "auth", "catalog", "booking", "payment", "bank"];

fn client(platform: &Platform) -> reqwest::Client {
    service_kit::process::install_crypto_provider();
    let pem = std::fs::read(platform.home().join("certs/ca.pem")).unwrap();
    reqwest::Client::builder()
        .tls_certs_only(reqwest::Certificate::from_pem_bundle(&pem).unwrap())
        .no_proxy()
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap()
}

async fn tours(platform: &Platform, token: &str) -> u16 {
    let url = format!("https://localhost:{}/api/tours", platform.port("gateway"));
    let response = client(platform).get(url).bearer_auth(token).send().await;
    response.expect("the gateway answers").status().as_u16()
}

/// Proves: R20
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn up_status_demo_second_up_and_down_on_real_processes() {
    let platform = Platform::up();
    let pids = SERVICES.map(|service| platform.pid(service));
    assert!(pids.iter().all(|pid| is_alive(*pid)));
    let status = platform.lab(&["status"]);
    assert!(status.status.success(), "{}", text_of(&status));

    let demo = platform.lab(&["demo"]);
    let shown = text_of(&demo);
    assert!(demo.status.success(), "{shown}");
    assert!(shown.contains("curl") && shown.contains("--cacert") && !shown.contains(" -k "));
    assert!(shown.contains("confirmed"), "{shown}");

    let second = platform.lab_up(&[]);
    assert!(second.status.success(), "{}", text_of(&second));
    assert_eq!(
        SERVICES.map(|service| platform.pid(service)),
        pids,
        "nothing was started twice"
    );

    let down = platform.lab(&["down"]);
    assert!(down.status.success(), "{}", text_of(&down));
    assert!(
        pids.iter().all(|pid| !is_alive(*pid)),
        "a process is left behind"
    );
    platform.check_logs();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_catalogue_is_a_503_and_recovers_when_it_is_started_again() {
    let platform = Platform::up();
    let token = platform.lab(&["token", "--user", "alice"]);
    let token = String::from_utf8(token.stdout).unwrap().trim().to_owned();
    assert_eq!(tours(&platform, &token).await, 200);

    kill(platform.pid("catalog"));
    let begun = Instant::now();
    assert_eq!(tours(&platform, &token).await, 503);
    assert!(begun.elapsed() < Duration::from_secs(10));
    eventually("status tells it", async || {
        !platform.lab(&["status"]).status.success()
    })
    .await;

    let again = platform.lab_up(&["--only", "catalog"]);
    assert!(again.status.success(), "{}", text_of(&again));
    eventually("the tours are back", async || {
        tours(&platform, &token).await == 200
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_supervisor_leaves_no_service_behind() {
    let platform = Platform::up();
    let pids = SERVICES.map(|service| platform.pid(service));
    let supervisor = platform.state()["pid"].as_u64().unwrap();
    kill(u32::try_from(supervisor).unwrap());
    eventually("all services have stopped", async || {
        pids.iter().all(|pid| !is_alive(*pid))
    })
    .await;
    // And the next start is not confused by what the killed one left.
    let again = platform.lab_up(&[]);
    assert!(again.status.success(), "{}", text_of(&again));
}

#[test]
fn a_taken_port_is_told_with_its_number_and_what_to_do() {
    let platform = Platform::empty();
    let port = platform.port("catalog");
    let _taken = std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    let output = platform.lab_up(&[]);
    let text = text_of(&output);
    assert_eq!(output.status.code(), Some(78), "{text}");
    assert!(
        text.contains(&port.to_string()) && text.contains("--port"),
        "{text}"
    );
}

/// A service's binary started by hand with this environment; its exit code and what it said.
fn start_by_hand(platform: &Platform, environment: &[(&str, &str)]) -> (Option<i32>, String) {
    let binary = escale_tests::platform::lab_binary()
        .with_file_name(format!("catalog-service{}", std::env::consts::EXE_SUFFIX));
    let home = platform.home();
    let file = |name: &str| home.join("certs").join(name).display().to_string();
    let database = format!("sqlite:{}", home.join("data/catalog.db").display());
    let output = Command::new(binary)
        .env("TLS_CERT_FILE", file("catalog/cert.pem"))
        .env("TLS_KEY_FILE", file("catalog/key.pem"))
        .env("TLS_CA_FILE", file("inside-ca.pem"))
        .env("DATABASE_URL", database)
        .env("LISTEN_ADDR", "127.0.0.1:0")
        .env("ADMIN_ADDR", "127.0.0.1:0")
        .env("STOP_ON_STDIN_CLOSE", "1")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .expect("the service's binary runs");
    (output.status.code(), text_of(&output))
}

/// Proves: API7:2019, API8:2023
#[test]
fn wrong_settings_are_one_clear_message_and_exit_78() {
    let platform = Platform::up();
    let down = platform.lab(&["down"]);
    assert!(down.status.success(), "{}", text_of(&down));
    assert_eq!(
        start_by_hand(&platform, &[]).0,
        Some(0),
        "without a fault it starts and stops"
    );

    let (code, text) = start_by_hand(
        &platform,
        &[
            ("LISTEN_ADDR", "here"),
            ("LOG_FORMAT", "loud"),
            ("TLS_KEY_FILE", "/no/such/file"),
        ],
    );
    assert_eq!(code, Some(78), "{text}");
    for key in ["LISTEN_ADDR", "LOG_FORMAT", "TLS_KEY_FILE"] {
        assert!(text.contains(key), "{key} is not told: {text}");
    }

    let key_of_another = platform
        .home()
        .join("certs/booking/key.pem")
        .display()
        .to_string();
    let (code, text) = start_by_hand(&platform, &[("TLS_KEY_FILE", key_of_another.as_str())]);
    assert_eq!(
        (code, text.contains("does not belong")),
        (Some(78), true),
        "{text}"
    );

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, text) = start_by_hand(&platform, &[("LISTEN_ADDR", address.as_str())]);
    assert_eq!((code, text.contains("taken")), (Some(78), true), "{text}");
}

#[test]
fn an_expired_certificate_is_told_and_exit_78() {
    use escale_lab::certs::{CertsDir, Validity};
    let platform = Platform::up();
    platform.lab(&["down"]);
    let certs = CertsDir::create(&platform.home().join("certs")).unwrap();
    let authorities = certs.authorities().unwrap();
    let (certificate, key) = authorities
        .issue_service("catalog", Validity::expired())
        .unwrap();
    let (certificate_file, key_file) = certs.path("catalog");
    std::fs::write(certificate_file, certificate).unwrap();
    std::fs::write(key_file, key).unwrap();
    let (code, text) = start_by_hand(&platform, &[]);
    assert_eq!((code, text.contains("expired")), (Some(78), true), "{text}");
}
