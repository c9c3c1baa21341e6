//! Paying a booking through five services (L14), and what the bank's answers do to it.

use std::time::Duration;

use escale_engines::{Engine, on_each_engine};
use escale_tests::{Answer, Town, Visitor, eventually};
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::bookings::{booked, tour_with};
use crate::postgresql::town_on;

async fn pay(user: &Visitor, key: &str, booking: &str, card: &str) -> Answer {
    user.post_with_key(
        "/api/payments",
        key,
        &json!({"bookingId": booking, "cardToken": card}),
    )
    .await
}

async fn status(user: &Visitor, booking: &str) -> String {
    user.get(&format!("/api/bookings/{booking}"))
        .await
        .assert_status(200)
        .field("/status")
}

async fn customer(town: &Town) -> (Visitor, String) {
    let (tour, user) = (tour_with(town, 12).await, town.user().await);
    let booking = booked(town, &user, &tour, 2).await;
    (user, booking)
}

/// Proves: L14
#[on_each_engine]
async fn an_accepted_card_captures_the_money_and_confirms_the_booking(engine: Engine) {
    let town = town_on(engine).await;
    let (user, booking) = customer(&town).await;
    let paid = pay(&user, "key-1", &booking, "tok_accepted")
        .await
        .assert_status(201);
    assert_eq!(
        (paid.field("/status"), paid.field("/amountCents")),
        ("captured".into(), "8500".into())
    );
    assert_eq!(status(&user, &booking).await, "confirmed");
    let shown = user.get(paid.header("location")).await.assert_status(200);
    assert_eq!(shown.field("/id"), paid.field("/id"));
    town.user()
        .await
        .get(paid.header("location"))
        .await
        .assert_refused(404, "not_found");
}

/// An id says neither how many there are nor what the next one is called.
///
/// Proves: R16
#[tokio::test]
async fn every_id_that_a_client_sees_is_a_random_uuid() {
    let town = Town::start().await;
    let (user, booking) = customer(&town).await;
    let shown = user.get(&format!("/api/bookings/{booking}")).await;
    let paid = pay(&user, "key-1", &booking, "tok_accepted").await;
    let account = user.get("/auth/me").await.field("/id");
    for id in [
        account,
        shown.field("/tourId"),
        booking,
        paid.field("/id"),
        paid.header("x-request-id").to_owned(),
    ] {
        let uuid = uuid::Uuid::try_parse(&id).expect("a UUID");
        assert_eq!(uuid.get_version_num(), 4, "{id}");
    }
}

#[tokio::test]
async fn a_refused_card_leaves_the_booking_open_for_another() {
    let town = Town::start().await;
    let (user, booking) = customer(&town).await;
    pay(&user, "key-1", &booking, "tok_declined")
        .await
        .assert_refused(402, "card_declined");
    pay(&user, "key-2", &booking, "tok_insufficient_funds")
        .await
        .assert_refused(402, "insufficient_funds");
    pay(&user, "key-3", &booking, "tok_of_no_bank")
        .await
        .assert_refused(402, "card_token_unknown");
    assert_eq!(status(&user, &booking).await, "pending");
    pay(&user, "key-4", &booking, "tok_accepted")
        .await
        .assert_status(201);
    assert_eq!(status(&user, &booking).await, "confirmed");
    pay(&user, "key-5", &booking, "tok_accepted")
        .await
        .assert_refused(409, "already_paid");
}

#[tokio::test]
async fn a_slow_bank_and_a_lost_answer_end_in_one_capture() {
    let town = Town::start().await;
    for card in ["tok_slow", "tok_lost_answer"] {
        let (user, booking) = customer(&town).await;
        // 202 says that the outcome is not known yet: the caller asks again with the same key.
        eventually("the outcome is known", async || {
            pay(&user, "key-1", &booking, card).await.status != 202
        })
        .await;
        let paid = pay(&user, "key-1", &booking, card).await;
        assert_eq!(
            paid.assert_status(201).field("/status"),
            "captured",
            "{card}"
        );
        assert_eq!(status(&user, &booking).await, "confirmed");
        let list = user.get("/api/payments").await.assert_status(200).json();
        assert_eq!(list["items"].as_array().unwrap().len(), 1, "{card}");
    }
}

/// Proves: svc-double-spend
#[tokio::test]
async fn fifty_parallel_payments_with_one_key_charge_once() {
    let town = Town::start().await;
    let (user, booking) = customer(&town).await;
    let attempts = (0..50).map(|_| pay(&user, "double-click", &booking, "tok_accepted"));
    let answers = join_all(attempts).await;
    let ids: std::collections::BTreeSet<_> = answers
        .into_iter()
        .map(|answer| answer.assert_status(201).field("/id"))
        .collect();
    assert_eq!(ids.len(), 1);
    let (user2, booking2) = customer(&town).await;
    pay(&user, "double-click", &booking2, "tok_accepted")
        .await
        .assert_refused(422, "idempotency_key_reused");
    // A key is its user's own: the same text of another user is another key.
    pay(&user2, "double-click", &booking2, "tok_accepted")
        .await
        .assert_status(201);
}

#[tokio::test]
async fn a_payment_names_its_booking_its_card_and_its_key_and_nothing_else() {
    let town = Town::start().await;
    let (user, booking) = customer(&town).await;
    let body = json!({"bookingId": booking, "cardToken": "tok_accepted", "amountCents": 1});
    user.post_with_key("/api/payments", "key-1", &body)
        .await
        .assert_refused(400, "invalid_data");
    let keyless = json!({"bookingId": booking, "cardToken": "tok_accepted"});
    user.post("/api/payments", &keyless)
        .await
        .assert_refused(400, "idempotency_key_missing");
    let (_, foreign) = customer(&town).await;
    pay(&user, "key-2", &foreign, "tok_accepted")
        .await
        .assert_refused(404, "not_found");
    assert_eq!(status(&user, &booking).await, "pending");
}

#[tokio::test]
async fn a_confirmed_booking_that_is_cancelled_is_paid_back() {
    let town = Town::start().await;
    let (user, booking) = customer(&town).await;
    let paid = pay(&user, "key-1", &booking, "tok_accepted")
        .await
        .assert_status(201);
    let cancelled = user
        .post(&format!("/api/bookings/{booking}/cancel"), &Value::Null)
        .await;
    assert_eq!(cancelled.assert_status(200).field("/status"), "cancelled");
    let payment = paid.header("location");
    eventually("the money is given back", async || {
        user.get(payment).await.field("/status") == "refunded"
    })
    .await;
}

#[tokio::test]
async fn a_hold_that_ran_out_cannot_be_paid() {
    let town = Town::start().await;
    let (user, booking) = customer(&town).await;
    town.pass(Duration::from_secs(15 * 60 + 1));
    let user = user.login(&user.pseudo, &user.password).await;
    pay(&user, "key-1", &booking, "tok_accepted")
        .await
        .assert_refused(409, "booking_not_payable");
}
