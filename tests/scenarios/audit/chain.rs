//! Nobody takes a record back unnoticed: the chain from line to line, over restarts and months.

use escale_tests::{Town, eventually};
use service_kit::audit::verify;
use service_kit::audit::verify::Finding;

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
