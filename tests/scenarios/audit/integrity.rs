//! That nobody can take a record back unnoticed, and no crash can.

use super::*;

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

/// Proves: R18, S6
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

/// Proves: val-clock
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
