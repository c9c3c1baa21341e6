//! The routes of payment.

use escale_engines::{Engine, on_each_engine};
use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::visitor::{Answer, Visitor};
use crate::domain::HOLD;

async fn charge(visitor: &Visitor, id: &str, query: &str) -> Answer {
    let path = format!("/internal/bookings/{id}/charge?{query}");
    let call = visitor.request(Method::GET, &path).peer("payment");
    call.send().await
}

async fn confirm(visitor: &Visitor, id: &str, body: &Value) -> Answer {
    let path = format!("/internal/bookings/{id}/confirm");
    let call = visitor.request(Method::POST, &path).peer("payment");
    call.json(body).send().await
}

#[on_each_engine]
async fn payment_asks_what_to_charge_for_the_paying_user_only(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    let id = visitor.book().await;
    let mine = charge(&visitor, &id, &format!("userId={}", visitor.user)).await;
    let expected = json!({
        "bookingId": id, "userId": visitor.user, "amountCents": 9_000, "currency": "EUR",
        "status": "pending", "holdExpiresAt": "2027-06-30T12:15:00.000Z",
    });
    assert_eq!((mine.status, mine.body), (200, expected));
    let others = charge(&visitor, &id, &format!("userId={}", Uuid::new_v4())).await;
    others.assert_refused(404, "not_found");
    let nobodys = charge(&visitor, &id, "").await;
    nobodys.assert_refused(400, "invalid_query");
    visitor.shop.clock.advance(HOLD);
    let late = charge(&visitor, &id, &format!("userId={}", visitor.user)).await;
    assert_eq!(late.body["status"], "expired");
}

#[on_each_engine]
async fn a_confirmation_is_answered_again_also_after_the_owner_cancelled(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    let id = visitor.book().await;
    let payment = json!({"paymentId": Uuid::new_v4(), "amountCents": 9_000, "currency": "EUR"});
    let confirmed = json!({"bookingId": id, "status": "confirmed"});
    let first = confirm(&visitor, &id, &payment).await;
    assert_eq!((first.status, &first.body), (200, &confirmed));
    let shown = visitor.get(&format!("/bookings/{id}")).await.body;
    assert_eq!(
        (&shown["status"], &shown["holdExpiresAt"]),
        (&json!("confirmed"), &json!(null))
    );
    let cancel = format!("/bookings/{id}/cancel");
    assert_eq!(visitor.post(&cancel, &json!({})).await.status, 200);
    let again = confirm(&visitor, &id, &payment).await;
    assert_eq!((again.status, &again.body), (200, &confirmed));
}

#[on_each_engine]
async fn a_confirmation_with_another_amount_too_late_or_of_nothing_is_refused(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    let id = visitor.book().await;
    let mut payment = json!({"paymentId": Uuid::new_v4(), "amountCents": 8_999, "currency": "EUR"});
    let wrong = confirm(&visitor, &id, &payment).await;
    wrong.assert_refused(409, "amount_mismatch");
    payment["amountCents"] = json!(9_000);
    let unknown = confirm(&visitor, &Uuid::new_v4().to_string(), &payment).await;
    unknown.assert_refused(404, "not_found");
    visitor.shop.clock.advance(HOLD);
    let late = confirm(&visitor, &id, &payment).await;
    late.assert_refused(409, "booking_not_payable");
}

#[on_each_engine]
async fn no_other_service_reaches_the_internal_routes(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    let id = visitor.book().await;
    for peer in ["gateway", "catalog", "auth", "bank"] {
        let path = format!("/internal/bookings/{id}/confirm");
        let call = visitor.request(Method::POST, &path).peer(peer);
        call.send().await.assert_refused(403, "caller_not_allowed");
        let path = format!("/internal/bookings/{id}/charge?userId={}", visitor.user);
        let call = visitor.request(Method::GET, &path).peer(peer);
        call.send().await.assert_refused(403, "caller_not_allowed");
    }
}
