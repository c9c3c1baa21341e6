//! The issuer's key set: who makes the gateway fetch it, and what it does while that does not work.

use std::time::Duration;

use escale_tests::{Mood, TestIssuer, eventually};
use futures_util::future::join_all;
use serde_json::json;

use super::Bench;

/// Between two fetches that unknown key ids can cause, by the town's clock.
const COOLDOWN: Duration = Duration::from_secs(10);

impl Bench {
    fn token_with_random_kid(&self) -> String {
        let mut header = self.issuer.header();
        header["kid"] = json!(uuid::Uuid::new_v4());
        self.issuer.sign(&header, &self.issuer.claims(&self.town))
    }
}

/// Proves: token-kid-flood
#[tokio::test]
async fn a_thousand_unknown_key_ids_cause_one_fetch_a_cooldown_and_valid_callers_notice_nothing() {
    let bench = Bench::start().await;
    let visitor = bench.town.visitor();
    for _ in 0..2 {
        bench.town.pass(COOLDOWN);
        let before = bench.issuer.fetches();
        for _ in 0..10 {
            let forged = (0..50).map(|_| {
                let visitor = visitor.with_token(&bench.token_with_random_kid());
                async move { visitor.get("/api/tours").await.status.as_u16() }
            });
            let good = (0..5).map(|_| {
                let visitor = visitor.with_token(&bench.issuer.token(&bench.town));
                async move { visitor.get("/api/tours").await.status.as_u16() }
            });
            let (forged, good) = tokio::join!(join_all(forged), join_all(good));
            assert_eq!((forged, good), (vec![401; 50], vec![200; 5]));
        }
        assert_eq!(bench.issuer.fetches() - before, 1);
    }
}

/// Proves: token-kid-flood
#[tokio::test]
async fn the_old_keys_serve_on_while_the_key_set_hangs_or_does_not_end() {
    let bench = Bench::start().await;
    for mood in [Mood::Hangs, Mood::Endless] {
        bench.issuer.feels(mood);
        bench.town.pass(COOLDOWN);
        let before = bench.issuer.fetches();
        let forged = bench.token_with_random_kid();
        let (forged, ()) = tokio::join!(bench.get(&forged), async {
            eventually("a fetch is under way", async || {
                bench.issuer.fetches() > before
            })
            .await;
            for _ in 0..5 {
                bench
                    .get(&bench.issuer.token(&bench.town))
                    .await
                    .assert_status(200);
            }
        });
        forged.assert_refused(401, "token_invalid");
        bench
            .get(&bench.issuer.token(&bench.town))
            .await
            .assert_status(200);
    }
}

/// Proves: R6
#[tokio::test]
async fn the_keys_are_those_of_the_issuer_and_of_nobody_else_with_the_same_key_id() {
    let bench = Bench::start().await;
    let other = TestIssuer::new("k1");
    let token = other.sign(&other.header(), &bench.issuer.claims(&bench.town));
    bench.town.pass(COOLDOWN);
    bench
        .assert_invalid(&token, "another key under a known id")
        .await;
}
