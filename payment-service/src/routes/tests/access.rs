//! Who may do what, and which bodies are refused.

use escale_engines::{Engine, on_each_engine};
use serde_json::json;
use uuid::Uuid;

use super::{body, get, pay, refund};
use crate::app;
use crate::testing::{Desk, internal, send, user};

/// Proves: R3, API1:2019, API1:2023, svc-object-level
#[on_each_engine]
async fn another_users_booking_or_payment_is_a_404(engine: Engine) {
    let desk = Desk::open(engine).await;
    let (owner, other) = (Uuid::new_v4(), Uuid::new_v4());
    let booking = desk.world.add_booking(owner);
    let order = body(booking, "tok_accepted");
    let stranger = pay(&desk, other, "k", &order).await;
    stranger.assert_refused(404, "not_found");
    let paid = pay(&desk, owner, "k", &order).await;
    let path = format!("/payments/{}", paid.body["id"].as_str().expect("an id"));
    assert_eq!(get(&desk, owner, &path).await.status, 200);
    get(&desk, other, &path)
        .await
        .assert_refused(404, "not_found");
    get(&desk, owner, "/payments/1")
        .await
        .assert_refused(404, "not_found");
    let list = get(&desk, other, "/payments").await;
    assert_eq!(list.body, json!({ "items": [], "nextCursor": null }));
}

#[on_each_engine]
async fn a_payment_of_another_booking_is_not_refunded(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    let paid = pay(&desk, user_id, "k", &body(booking, "tok_accepted")).await;
    let other = desk.world.add_booking(user_id);
    let refused = refund(&desk, other, &paid.body["id"]).await;
    refused.assert_refused(404, "not_found");
    assert_eq!(desk.open_steps().await, 0);
}

#[on_each_engine]
async fn each_route_takes_only_its_callers(engine: Engine) {
    let desk = Desk::open(engine).await;
    let order = json!({ "bookingId": Uuid::new_v4(), "paymentId": Uuid::new_v4() });
    for (caller, method, path) in [
        ("gateway", "POST", "/internal/refunds"),
        ("catalog", "POST", "/internal/refunds"),
        ("booking", "GET", "/payments"),
        ("auth", "POST", "/payments"),
    ] {
        let request = internal(caller, method, path, Some(&order));
        let refused = send(app(desk.state.clone()), request).await;
        refused.assert_refused(403, "caller_not_allowed");
    }
}

/// Proves: svc-function-level
#[on_each_engine]
async fn scope_and_role_are_checked_here_too(engine: Engine) {
    let desk = Desk::open(engine).await;
    for (method, path, scope, role, code) in [
        (
            "GET",
            "/payments",
            "payments:write",
            "user",
            "insufficient_scope",
        ),
        (
            "POST",
            "/payments",
            "payments:read",
            "user",
            "insufficient_scope",
        ),
        ("GET", "/payments", "payments:read", "", "role_required"),
        (
            "POST",
            "/payments",
            "payments:write",
            "robot",
            "role_required",
        ),
    ] {
        let mut request = user(Uuid::new_v4(), method, path, None);
        let headers = request.headers_mut();
        headers.insert("x-user-scope", scope.parse().expect("a header value"));
        headers.insert("x-user-role", role.parse().expect("a header value"));
        let refused = send(app(desk.state.clone()), request).await;
        refused.assert_refused(403, code);
    }
}

#[on_each_engine]
async fn a_doubtful_query_is_refused(engine: Engine) {
    let desk = Desk::open(engine).await;
    for (query, code) in [
        ("limit=101", "invalid_query"),
        ("user=x", "invalid_query"),
        ("cursor=", "invalid_cursor"),
        ("cursor=1-2", "invalid_cursor"),
    ] {
        let answer = get(&desk, Uuid::new_v4(), &format!("/payments?{query}")).await;
        answer.assert_refused(400, code);
    }
}

/// Proves: API6:2019, API3:2023, svc-mass-assignment
#[on_each_engine]
async fn a_client_cannot_choose_the_amount_the_state_or_the_payer(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    for field in [
        "amountCents",
        "price",
        "currency",
        "status",
        "userId",
        "role",
    ] {
        let mut order = body(booking, "tok_accepted");
        order[field] = json!(1);
        let refused = pay(&desk, user_id, "k", &order).await;
        refused.assert_refused(400, "invalid_data");
        assert_eq!(refused.body["errors"][0]["code"], "unknown_field");
    }
    assert!(desk.world.charges().is_empty());
}

#[on_each_engine]
async fn a_card_number_in_place_of_a_token_is_refused_and_not_echoed(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    let refused = pay(&desk, user_id, "k", &body(booking, "4242424242424242")).await;
    refused.assert_refused(400, "invalid_data");
    assert!(!refused.body.to_string().contains("4242"));
    let none = pay(&desk, user_id, "k", &json!({})).await;
    let faults = none.body["errors"].as_array().expect("faults");
    assert_eq!(faults.len(), 2, "both fields are told: {none:?}");
}
