//! The stage: a platform that a criterion starts, asks and ends, over a pipe and the wire.

use std::path::Path;
use std::time::Duration;

use escale_exercises::{Case, Failure, Plan, Programs, Seed};
use serde_json::json;

fn case() -> Case {
    let program = Path::new(env!("CARGO_BIN_EXE_stage"));
    let folder = program.parent().expect("a folder");
    Case::new(Programs::in_folder(folder), Seed::random(), "stage")
}

#[tokio::test]
async fn a_criterion_has_a_platform_of_its_own_with_accounts_and_a_clock() {
    let plan = Plan::default().account("zoe", "un mot de passe sûr");
    let town = case().town(plan).await.unwrap();
    let zoe = town.account("zoe").await.unwrap();
    let answer = zoe.get("/api/tours?limit=1").await.unwrap();
    let tour = answer.expect_status(200).unwrap().field("/items/0/id");
    let booking = json!({"tourId": tour.unwrap(), "numberOfParticipants": 1, "bookingDate": town.day(3).await.unwrap()});
    let answer = zoe.post("/api/bookings", &booking).await.unwrap();
    answer.expect_status(201).unwrap();
    let before = town.now().await.unwrap();
    town.pass(Duration::from_secs(900)).await.unwrap();
    assert_eq!(town.now().await.unwrap(), before + 900_000);
    let refused = zoe.get("/api/tours").await.unwrap();
    refused.expect_refused(401, "token_expired").unwrap();
    assert!(
        town.log()
            .await
            .unwrap()
            .iter()
            .any(|line| line.contains("token_expired"))
    );
    assert!(!town.audit().is_empty());
}

#[tokio::test]
async fn a_spy_tells_what_reached_it_and_answers_as_it_is_told() {
    let town = case().town(Plan::default().spy("booking")).await.unwrap();
    let alice = town.account("alice").await.unwrap();
    town.answers("booking", "/bookings", json!({"items": [7]}))
        .await
        .unwrap();
    let answer = alice.get("/api/bookings?limit=3").await.unwrap();
    assert_eq!(answer.json(), json!({"items": [7]}));
    let seen = town.seen("booking").await.unwrap();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path.as_str()),
        ("GET", "/bookings?limit=3")
    );
    assert_eq!(seen[0].header("x-user-role"), "user");
    let nowhere = town.seen("catalog").await.unwrap_err();
    assert!(matches!(nowhere, Failure::Broken(_)), "{nowhere}");
}

#[tokio::test]
async fn what_cannot_start_says_why() {
    let plan = Plan::default().set("gateway", "ROUTES_FILE", "/nowhere/routes.toml");
    let failure = case().town(plan).await.err().expect("no platform");
    let Failure::NotStarted { said, .. } = &failure else {
        panic!("{failure}");
    };
    assert!(said.contains("routes.toml"), "{said}");
}

#[tokio::test]
async fn a_service_can_be_stopped_and_started_again() {
    let town = case().town(Plan::default()).await.unwrap();
    let alice = town.account("alice").await.unwrap();
    town.stop("catalog").await.unwrap();
    let answer = alice.get("/api/tours").await.unwrap();
    answer.expect_refused(503, "service_unavailable").unwrap();
    town.start_again("catalog").await.unwrap();
}
