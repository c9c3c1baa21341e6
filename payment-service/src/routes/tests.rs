//! The routes over the whole stack, without the network.

mod access;
mod idempotency;

use escale_engines::{Engine, on_each_engine};
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::app;
use crate::domain::offer::BookingState;
use crate::domain::step::Step;
use crate::testing::{Answer, Desk, Trouble, internal, send, user};

fn body(booking: Uuid, token: &str) -> Value {
    json!({ "bookingId": booking, "cardToken": token })
}

async fn pay(desk: &Desk, user_id: Uuid, key: &str, body: &Value) -> Answer {
    let mut request = user(user_id, "POST", "/payments", Some(body));
    let key = key.parse().expect("a header value");
    request.headers_mut().insert("idempotency-key", key);
    send(app(desk.state.clone()), request).await
}

async fn get(desk: &Desk, user_id: Uuid, path: &str) -> Answer {
    send(app(desk.state.clone()), user(user_id, "GET", path, None)).await
}

async fn refund(desk: &Desk, booking: Uuid, payment: &Value) -> Answer {
    let body = json!({ "bookingId": booking, "paymentId": payment });
    let request = internal("booking", "POST", "/internal/refunds", Some(&body));
    send(app(desk.state.clone()), request).await
}

#[on_each_engine]
async fn a_payment_takes_the_amount_that_booking_names_and_confirms_the_booking(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    let paid = pay(&desk, user_id, "k", &body(booking, "tok_accepted")).await;
    assert_eq!(paid.status, 201, "{paid:?}");
    let id = paid.body["id"].as_str().expect("an id");
    assert_eq!(paid.headers["location"], format!("/api/payments/{id}"));
    let moment = desk.clock.now().to_string();
    let expected = json!({ "id": id, "bookingId": booking, "amountCents": 12_900, "currency": "EUR",
                           "status": "captured", "failureCode": null, "createdAt": moment, "updatedAt": moment });
    assert_eq!(paid.body, expected);
    assert_eq!(desk.world.booking(booking).state, BookingState::Confirmed);
    let read = get(&desk, user_id, &format!("/payments/{id}")).await;
    assert_eq!((read.status.as_u16(), read.body), (200, expected));
}

#[on_each_engine]
async fn a_declined_card_is_402_and_leaves_the_booking_untouched_for_another_card(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    let declined = pay(&desk, user_id, "a", &body(booking, "tok_declined")).await;
    declined.assert_refused(402, "card_declined");
    let token = "tok_insufficient_funds";
    let poor = pay(&desk, user_id, "b", &body(booking, token)).await;
    poor.assert_refused(402, "insufficient_funds");
    assert_eq!(desk.world.booking(booking).state, BookingState::Pending);
    let list = get(&desk, user_id, "/payments").await;
    let items = list.body["items"].as_array().expect("a list");
    assert!(items.iter().all(|item| item["status"] == "failed"));

    let paid = pay(&desk, user_id, "c", &body(booking, "tok_accepted")).await;
    assert_eq!(paid.status, 201);
}

#[on_each_engine]
async fn an_outcome_that_is_not_known_in_time_is_202_and_the_same_request_learns_it_later(
    engine: Engine,
) {
    let mut desk = Desk::open(engine).await;
    desk.state.answer_within = Duration::from_millis(20);
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    desk.world.set_bank_away(true);
    let order = body(booking, "tok_accepted");
    let pending = pay(&desk, user_id, "k", &order).await;
    assert_eq!(
        (pending.status.as_u16(), &pending.body["status"]),
        (202, &json!("created"))
    );
    assert!(pending.headers.contains_key("retry-after"));

    desk.world.set_bank_away(false);
    // Two attempts may still be under way in the background; their pauses end within the minute.
    desk.state.life.finish().await;
    desk.resume_after(Duration::from_secs(61)).await;
    let paid = pay(&desk, user_id, "k", &order).await;
    assert_eq!(
        (paid.status.as_u16(), &paid.body["id"]),
        (201, &pending.body["id"])
    );
    assert_eq!(paid.headers["idempotent-replayed"], "true");
}

#[on_each_engine]
async fn a_booking_that_cannot_be_paid_is_409_and_no_money_is_asked_for(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    for (state, code) in [
        (BookingState::Confirmed, "already_paid"),
        (BookingState::Cancelled, "booking_not_payable"),
        (BookingState::Expired, "booking_not_payable"),
    ] {
        let booking = desk.world.add_booking(user_id);
        desk.world.set_booking(booking, state);
        let refused = pay(&desk, user_id, code, &body(booking, "tok_accepted")).await;
        refused.assert_refused(409, code);
    }
    assert!(desk.world.charges().is_empty());
}

#[on_each_engine]
async fn a_booking_that_ends_while_it_is_paid_is_409_and_the_money_is_given_back(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    desk.world.trouble(Step::Capture, Trouble::HangsAfter);
    let order = body(booking, "tok_accepted");
    let ending = async {
        desk.world.reached().await;
        desk.world.set_booking(booking, BookingState::Expired);
        desk.world.release();
    };
    let (refused, ()) = tokio::join!(pay(&desk, user_id, "k", &order), ending);
    refused.assert_refused(409, "booking_not_payable");
    let list = get(&desk, user_id, "/payments").await;
    assert_eq!(list.body["items"][0]["status"], "refunded");
    assert_eq!(list.body["items"][0]["failureCode"], "booking_not_payable");
    let again = pay(&desk, user_id, "k", &order).await;
    again.assert_refused(409, "booking_not_payable");
}

#[on_each_engine]
async fn a_second_payment_for_a_booking_is_409_whoever_is_faster(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    let order = body(booking, "tok_accepted");
    let keys: Vec<String> = (0..20).map(|number| format!("key-{number}")).collect();
    let all = keys.iter().map(|key| pay(&desk, user_id, key, &order));
    let answers = futures_util::future::join_all(all).await;
    let (paid, refused): (Vec<_>, Vec<_>) = answers
        .iter()
        .partition(|answer| answer.status.as_u16() == 201);
    assert_eq!((paid.len(), desk.world.charges().len()), (1, 1));
    for answer in refused {
        answer.assert_refused(409, "already_paid");
    }
}

#[on_each_engine]
async fn a_refund_is_202_however_often_it_is_asked_and_the_money_goes_back_once(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    let order = body(booking, "tok_accepted");
    let paid = pay(&desk, user_id, "k", &order).await;
    desk.world.set_booking(booking, BookingState::Cancelled);
    for _ in 0..3 {
        let accepted = refund(&desk, booking, &paid.body["id"]).await;
        assert_eq!(accepted.status, 202, "{accepted:?}");
        assert_eq!(accepted.body["paymentId"], paid.body["id"]);
    }
    desk.state.life.finish().await;
    let last = refund(&desk, booking, &paid.body["id"]).await;
    assert_eq!(last.body["status"], "refunded");
    let charge = *desk.world.charges().values().next().expect("a charge");
    assert_eq!((charge.taken, charge.returned), (1, 1));
    // The request that paid still gets the answer that it got.
    let again = pay(&desk, user_id, "k", &order).await;
    assert_eq!(
        (again.status.as_u16(), &again.body["status"]),
        (201, &json!("refunded"))
    );
}

#[on_each_engine]
async fn a_list_is_read_page_by_page_with_nothing_doubled_or_missed(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    for number in 0..5 {
        // Two of the same millisecond: the id decides between them.
        desk.clock.advance(Duration::from_millis(number / 2));
        let booking = desk.world.add_booking(user_id);
        let key = number.to_string();
        pay(&desk, user_id, &key, &body(booking, "tok_accepted")).await;
    }
    let mut seen = Vec::new();
    let mut path = "/payments?limit=2".to_owned();
    loop {
        let page = get(&desk, user_id, &path).await;
        assert_eq!(page.status, 200, "{page:?}");
        seen.extend(page.body["items"].as_array().expect("a list").clone());
        match page.body["nextCursor"].as_str() {
            Some(cursor) => path = format!("/payments?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    let moments: Vec<_> = seen.iter().map(|item| item["createdAt"].as_str()).collect();
    assert!(moments.is_sorted_by(|newer, older| newer >= older));
    let mut ids: Vec<_> = seen.iter().map(|item| item["id"].as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 5);
}
