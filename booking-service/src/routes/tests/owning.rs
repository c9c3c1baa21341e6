//! Who may do what, and what one sees of one's own bookings.

use escale_engines::{Engine, on_each_engine};
use http::Method;
use serde_json::json;
use uuid::Uuid;

use super::visitor::Visitor;
use crate::domain::HOLD;

/// Proves: R3, API1:2019, API1:2023, svc-object-level
#[on_each_engine]
async fn another_users_booking_is_a_404_on_every_route_that_names_it(engine: Engine) {
    let mut visitor = Visitor::new(engine).await;
    let id = visitor.book().await;
    let owner = std::mem::replace(&mut visitor.user, Uuid::new_v4());
    let (show, cancel) = (format!("/bookings/{id}"), format!("/bookings/{id}/cancel"));
    visitor.get(&show).await.assert_refused(404, "not_found");
    visitor
        .post(&cancel, &json!({}))
        .await
        .assert_refused(404, "not_found");
    let list = visitor.get("/bookings").await;
    assert_eq!(list.body, json!({"items": [], "nextCursor": null}));
    visitor.user = owner;
    assert_eq!(visitor.get(&show).await.body["status"], "pending");
}

/// Proves: R16
#[on_each_engine]
async fn an_id_that_is_no_uuid_names_nothing(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    for id in [
        "1",
        "%27%20OR%201=1",
        "..%2f..",
        "00000000-0000-4000-8000-00000000000g",
    ] {
        let answer = visitor.get(&format!("/bookings/{id}")).await;
        answer.assert_refused(404, "not_found");
    }
}

/// Proves: svc-function-level
#[on_each_engine]
async fn scope_and_role_are_both_needed_and_an_application_has_no_bookings(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    let cancel = format!("/bookings/{}/cancel", visitor.book().await);
    let (get, post) = (Method::GET, Method::POST);
    for (method, path, needed, other) in [
        (get.clone(), "/bookings", "bookings:read", "bookings:write"),
        (post.clone(), "/bookings", "bookings:write", "bookings:read"),
        (post, &cancel, "bookings:write", "bookings:read"),
    ] {
        let call = || visitor.request(method.clone(), path);
        let narrow = call().header("x-user-scope", other).send().await;
        narrow.assert_refused(403, "insufficient_scope");
        let nobody = call().header("x-user-role", "").send().await;
        nobody.assert_refused(403, "role_required");
        let application = call().header("x-user-id", "partner-app");
        let application = application.header("x-user-scope", needed).send().await;
        application.assert_refused(403, "role_required");
    }
    for role in ["guide", "admin"] {
        let call = visitor.request(get.clone(), "/bookings");
        assert_eq!(call.header("x-user-role", role).send().await.status, 200);
    }
}

#[on_each_engine]
async fn only_the_gateway_speaks_for_users(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    for peer in ["payment", "catalog", "auth", "bank"] {
        let call = visitor.request(Method::GET, "/bookings").peer(peer);
        call.send().await.assert_refused(403, "caller_not_allowed");
    }
}

#[on_each_engine]
async fn a_list_is_paged_and_filtered(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    for _ in 0..3 {
        visitor.book().await;
    }
    let first = visitor.get("/bookings?limit=2&status=pending").await;
    assert_eq!(first.body["items"].as_array().map(Vec::len), Some(2));
    let cursor = first.body["nextCursor"].as_str().expect("a second page");
    let second = visitor
        .get(&format!("/bookings?status=pending&cursor={cursor}"))
        .await;
    assert_eq!(second.body["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(second.body["nextCursor"], json!(null));
    let other = visitor.get(&format!("/bookings?cursor={cursor}")).await;
    other.assert_refused(400, "invalid_cursor");
}

#[on_each_engine]
async fn a_doubtful_query_is_refused(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    for (query, fault) in [
        ("userId=1", "userId unknown_field"),
        ("status=paid", "status choice"),
        ("limit=0", "limit range"),
        ("limit=101", "limit range"),
        ("limit=1&limit=2", "limit format"),
    ] {
        let answer = visitor.get(&format!("/bookings?{query}")).await;
        answer.assert_refused(400, "invalid_query");
        assert_eq!(answer.faults(), [fault]);
    }
    let forged = visitor.get("/bookings?cursor=..%27--").await;
    forged.assert_refused(400, "invalid_cursor");
}

#[on_each_engine]
async fn a_hold_that_is_over_is_shown_as_expired_and_cannot_be_cancelled(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    let id = visitor.book().await;
    visitor.shop.clock.advance(HOLD);
    let shown = visitor.get(&format!("/bookings/{id}")).await.body;
    assert_eq!(
        (&shown["status"], &shown["holdExpiresAt"]),
        (&json!("expired"), &json!(null))
    );
    let path = format!("/bookings/{id}/cancel");
    let answer = visitor.post(&path, &json!({})).await;
    answer.assert_refused(409, "booking_not_cancellable");
}

#[on_each_engine]
async fn cancelling_twice_answers_twice_the_same(engine: Engine) {
    let visitor = Visitor::new(engine).await;
    let path = format!("/bookings/{}/cancel", visitor.book().await);
    let first = visitor.request(Method::POST, &path).send().await;
    assert_eq!(
        (first.status, &first.body["status"]),
        (200, &json!("cancelled"))
    );
    let second = visitor.request(Method::POST, &path).send().await;
    assert_eq!((second.status, second.body), (200, first.body));
}
