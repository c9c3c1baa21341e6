//! What the logs tell, and what they never tell (L11, R20).

use escale_tests::logs::{Watcher, watcher};
use escale_tests::{Town, eventually};
use serde_json::json;

/// Proves: L11, API10:2019
#[tokio::test]
async fn each_refusal_has_its_line_with_its_reason() {
    let town = Town::start().await;
    let (visitor, user) = (town.visitor(), town.user().await);
    let refusals = [
        visitor
            .get("/api/tours")
            .await
            .assert_refused(401, "authorization_missing"),
        visitor
            .with_token("rubbish")
            .get("/api/tours")
            .await
            .assert_refused(401, "token_invalid"),
        user.post("/api/tours", &json!({}))
            .await
            .assert_refused(403, "insufficient_scope"),
        user.get("/api/nothing")
            .await
            .assert_refused(404, "route_not_found"),
        user.post("/api/bookings", &json!({}))
            .await
            .assert_refused(400, "invalid_booking"),
    ];
    for refusal in refusals {
        let id = refusal.field("/requestId");
        let path = refusal.field("/instance");
        let texts = [
            id.as_str(),
            "\"target\":\"access\"",
            &format!("\"status\":{}", refusal.status.as_u16()),
        ];
        eventually("the line is written", async || {
            !watcher().find(&texts).is_empty()
        })
        .await;
        let lines = watcher().find(&texts);
        let reason = format!("\"reason\":\"{}\"", refusal.field("/code"));
        assert!(
            lines
                .iter()
                .any(|line| line.contains("127.0.0.1") && line.contains(&path)),
            "{lines:?}"
        );
        assert!(
            lines.iter().any(|line| line.contains(&reason)),
            "{reason} in {lines:?}"
        );
    }
}

/// Proves: R20, API8:2019
#[tokio::test]
async fn a_line_cannot_be_forged_by_what_a_client_sends() {
    let town = Town::start().await;
    let visitor = town.visitor();
    let answer = visitor.get("/api/tours%0d%0aforged").await;
    assert_eq!(answer.status, 400);
    assert!(watcher().find(&["\nforged"]).is_empty());
}

/// Proves: R20
#[test]
fn the_watcher_finds_a_secret_where_there_is_one() {
    let watcher = Watcher::default();
    watcher.add_canary("Canari-0123456789");
    watcher.look_at("login of alice");
    assert!(watcher.leaks().is_empty());
    watcher.look_at("login of alice with Canari-0123456789");
    watcher.look_at("authorization: Bearer x");
    watcher.look_at("token eyJhbGciOi");
    watcher.look_at("x-api-key: esc_0123");
    assert_eq!(watcher.leaks().len(), 4);
}
