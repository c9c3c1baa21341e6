//! One charge a key (threats: double spend).

use escale_engines::{Engine, on_each_engine};
use uuid::Uuid;

use super::{body, pay};
use crate::app;
use crate::domain::step::Step;
use crate::testing::{Desk, Trouble, send, user};

/// Proves: svc-double-spend
#[on_each_engine]
async fn fifty_parallel_requests_with_one_key_get_one_payment_one_charge_and_the_same_answer(
    engine: Engine,
) {
    for (token, status) in [("tok_accepted", 201), ("tok_declined", 402)] {
        let desk = Desk::open(engine).await;
        let user_id = Uuid::new_v4();
        let booking = desk.world.add_booking(user_id);
        let order = body(booking, token);
        desk.world.trouble(Step::Authorise, Trouble::LostAfter);
        let all = (0..50).map(|_| pay(&desk, user_id, "one-key", &order));
        let answers = futures_util::future::join_all(all).await;
        for answer in &answers {
            assert_eq!(answer.status.as_u16(), status, "{answer:?}");
            assert_eq!(answer.body["id"], answers[0].body["id"]);
        }
        let fresh = answers
            .iter()
            .filter(|answer| !answer.headers.contains_key("idempotent-replayed"));
        assert_eq!(fresh.count(), 1);
        let charges = desk.world.charges();
        assert_eq!(charges.len(), 1);
        assert_eq!(
            charges.values().map(|charge| charge.taken).sum::<u32>(),
            u32::from(status == 201)
        );
    }
}

/// Proves: svc-double-spend
#[on_each_engine]
async fn a_key_with_another_body_is_422_and_charges_nothing(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    pay(&desk, user_id, "k", &body(booking, "tok_accepted")).await;
    let other = desk.world.add_booking(user_id);
    for order in [body(other, "tok_accepted"), body(booking, "tok_other")] {
        let refused = pay(&desk, user_id, "k", &order).await;
        refused.assert_refused(422, "idempotency_key_reused");
    }
    assert_eq!(desk.world.charges().len(), 1);
}

#[on_each_engine]
async fn two_users_with_the_same_key_do_not_meet(engine: Engine) {
    let desk = Desk::open(engine).await;
    for _ in 0..2 {
        let user_id = Uuid::new_v4();
        let booking = desk.world.add_booking(user_id);
        let paid = pay(&desk, user_id, "k", &body(booking, "tok_accepted")).await;
        assert_eq!(paid.status, 201);
        assert!(!paid.headers.contains_key("idempotent-replayed"));
    }
}

#[on_each_engine]
async fn a_request_that_made_no_payment_leaves_its_key_free(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let unknown = pay(&desk, user_id, "k", &body(Uuid::new_v4(), "tok_accepted")).await;
    unknown.assert_refused(404, "not_found");
    let booking = desk.world.add_booking(user_id);
    let paid = pay(&desk, user_id, "k", &body(booking, "tok_accepted")).await;
    assert_eq!(paid.status, 201);
}

#[on_each_engine]
async fn a_payment_without_a_key_is_refused(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let order = body(desk.world.add_booking(user_id), "tok_accepted");
    let request = user(user_id, "POST", "/payments", Some(&order));
    let refused = send(app(desk.state.clone()), request).await;
    refused.assert_refused(400, "idempotency_key_missing");
}

#[on_each_engine]
async fn a_client_that_hangs_up_does_not_stop_its_payment(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user_id = Uuid::new_v4();
    let booking = desk.world.add_booking(user_id);
    desk.world.trouble(Step::Capture, Trouble::HangsBefore);
    let order = body(booking, "tok_accepted");
    tokio::select! {
        answer = pay(&desk, user_id, "k", &order) => panic!("answered: {answer:?}"),
        () = desk.world.reached() => {}
    }
    desk.world.release();
    desk.state.life.finish().await;
    let again = pay(&desk, user_id, "k", &order).await;
    assert_eq!(again.status, 201);
    assert_eq!(again.headers["idempotent-replayed"], "true");
}
