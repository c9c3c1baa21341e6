//! Real processes, ended as a crash ends them (`SIGKILL`) while bookings are paid: what was under way comes to its right
//! end by itself. The services' own tests cut the work off at each step, one by one; here a whole process dies.

use std::time::Duration;

use escale_tests::platform::{Platform, kill, text_of};
use escale_tests::{Visitor, eventually, eventually_within};
use futures_util::future::join_all;
use serde_json::{Value, json};
use service_kit::clock::Clock;
use service_kit::iso_date::IsoDate;

/// Longer than a dead driver's lease of a step, and the pauses between retries that follow.
const PATIENCE: Duration = Duration::from_secs(120);

/// Their answers come at different moments, so that the kill meets each payment at another step.
const CARDS: [&str; 4] = ["tok_slow", "tok_accepted", "tok_lost_answer", "tok_slow"];

async fn booked(user: &Visitor, tour: &str) -> String {
    let day = Clock::system().now().plus(Duration::from_secs(30 * 86_400));
    let day = IsoDate(day.date()).to_string();
    let body = json!({"tourId": tour, "numberOfParticipants": 1, "bookingDate": day});
    let answer = user.post("/api/bookings", &body).await;
    answer.assert_status(201).field("/id")
}

/// As an honest client pays: with the same key, again and again, until the outcome is known.
async fn paid(user: &Visitor, booking: &str, card: &str) {
    let body = json!({"bookingId": booking, "cardToken": card});
    eventually_within(PATIENCE, "the outcome is known", async || {
        let answer = user.post_with_key("/api/payments", booking, &body).await;
        match answer.status.as_u16() {
            201 => true,
            202 | 502 | 503 | 504 => false,
            other => panic!("{card}: {other}: {}", answer.text()),
        }
    })
    .await;
}

async fn payments(user: &Visitor) -> Vec<Value> {
    let list = user.get("/api/payments").await.assert_status(200).json();
    list["items"].as_array().expect("a list").clone()
}

async fn killed_and_started_again(platform: &Platform, user: &Visitor, victim: &str) {
    eventually("a payment is under way", async || {
        !payments(user).await.is_empty()
    })
    .await;
    kill(platform.pid(victim));
    let again = platform.lab_up(&["--only", victim]);
    assert!(again.status.success(), "{}", text_of(&again));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "on a busy machine a restart takes longer than its patience: asked for by name, alone"]
async fn whichever_service_is_killed_every_payment_ends_captured_once_and_its_booking_confirmed() {
    let platform = Platform::up_with_generous_limits();
    let visitor = Visitor::of_platform(&platform);
    for victim in ["payment", "booking", "bank"] {
        let user = visitor.register().await;
        let tours = user.get("/api/tours?limit=1").await.assert_status(200);
        let tour = tours.field("/items/0/id");
        let bookings = join_all(CARDS.map(|_| booked(&user, &tour))).await;
        let paying = bookings
            .iter()
            .zip(CARDS)
            .map(|(booking, card)| paid(&user, booking, card));
        tokio::join!(
            join_all(paying),
            killed_and_started_again(&platform, &user, victim)
        );
        let payments = payments(&user).await;
        for booking in &bookings {
            let path = format!("/api/bookings/{booking}");
            assert_eq!(user.get(&path).await.field("/status"), "confirmed");
            let own = payments.iter().filter(|one| one["bookingId"] == **booking);
            let states: Vec<_> = own.map(|one| &one["status"]).collect();
            assert_eq!(states, ["captured"], "{victim} was killed");
        }
        assert_eq!(payments.len(), bookings.len());
    }
    platform.check_logs();
}
