//! Drivers: retries, and refunds that are asked for meanwhile. Crashes and leases have files of their own.

mod crash;
mod instances;
mod leases;

use escale_engines::{Engine, on_each_engine};
use std::time::Duration;

use service_kit::context::RequestContext;
use uuid::Uuid;

use super::{LEASE, Turn};
use crate::domain::offer::BookingState;
use crate::domain::payment::Outcome;
use crate::domain::protocol::effect_of;
use crate::domain::status::Status;
use crate::domain::step::{Answer, Step};
use crate::testing::{Desk, Trouble};

#[on_each_engine]
async fn a_lost_answer_at_any_step_takes_money_once_and_confirms_once(engine: Engine) {
    for step in [Step::Authorise, Step::Capture, Step::Confirm] {
        for trouble in [Trouble::LostBefore, Trouble::LostAfter] {
            let desk = Desk::open(engine).await;
            let user = Uuid::new_v4();
            let booking = desk.world.add_booking(user);
            let payment = desk.written_payment(user, booking, "tok_accepted").await;
            desk.world.trouble(step, trouble);
            // The first retry goes at once, without the clock being moved.
            desk.drive(payment.id).await;
            let after = desk.payment(payment.id).await;
            assert_eq!(after.outcome(), Outcome::Paid, "{step:?} {trouble:?}");
            let charges = desk.world.charges();
            assert_eq!((charges.len(), charges[&payment.id].taken), (1, 1));
            assert_eq!(desk.world.booking(booking).confirmed_by, Some(payment.id));
        }
    }
}

#[on_each_engine]
async fn a_bank_that_is_away_is_asked_again_with_growing_pauses_until_it_is_back(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user = Uuid::new_v4();
    let booking = desk.world.add_booking(user);
    let payment = desk.written_payment(user, booking, "tok_accepted").await;
    desk.world.set_bank_away(true);
    desk.drive(payment.id).await;
    // Not due yet: the job finds nothing to do.
    desk.resume_after(Duration::ZERO).await;
    assert_eq!(attempts(&desk).await, 2);
    for _ in 0..10 {
        desk.resume_after(Duration::from_secs(61)).await;
    }
    assert_eq!(attempts(&desk).await, 12);
    assert_eq!(desk.payment(payment.id).await.status, Status::Created);

    desk.world.set_bank_away(false);
    desk.resume_after(Duration::from_secs(61)).await;
    assert_eq!(desk.payment(payment.id).await.outcome(), Outcome::Paid);
}

#[on_each_engine]
async fn a_peer_that_is_back_is_asked_soon_however_long_it_was_away(engine: Engine) {
    for away in [20_u64, 60, 240] {
        let desk = Desk::open(engine).await;
        let user = Uuid::new_v4();
        let booking = desk.world.add_booking(user);
        let payment = desk.written_payment(user, booking, "tok_accepted").await;
        desk.world.set_bank_away(true);
        desk.drive(payment.id).await;
        for _ in 0..away {
            desk.resume_after(Duration::from_secs(1)).await;
        }
        desk.world.set_bank_away(false);
        // A tenth of the time, and one round of the job.
        for _ in 0..=(away / 10) {
            desk.resume_after(Duration::from_secs(1)).await;
        }
        let outcome = desk.payment(payment.id).await.outcome();
        assert_eq!(outcome, Outcome::Paid, "away for {away} s");
    }
}

#[on_each_engine]
async fn twenty_drivers_at_once_do_each_step_once(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user = Uuid::new_v4();
    let booking = desk.world.add_booking(user);
    let payment = desk.written_payment(user, booking, "tok_accepted").await;
    let drivers = (0..20).map(|_| {
        let worker = desk.state.worker.clone();
        tokio::spawn(async move { worker.drive(payment.id, &RequestContext::begin()).await })
    });
    for driver in drivers.collect::<Vec<_>>() {
        driver.await.expect("no panic");
    }
    desk.drive(payment.id).await;
    assert_eq!(desk.payment(payment.id).await.outcome(), Outcome::Paid);
    assert_eq!(attempts(&desk).await, 3, "one attempt a step");
}

#[on_each_engine]
async fn a_cancel_while_the_confirmation_is_on_its_way_ends_refunded(engine: Engine) {
    // Booking took the payment and was cancelled before the answer came, or was cancelled before it took it.
    for trouble in [Trouble::HangsAfter, Trouble::HangsBefore] {
        let desk = Desk::open(engine).await;
        let user = Uuid::new_v4();
        let booking = desk.world.add_booking(user);
        let payment = desk.written_payment(user, booking, "tok_accepted").await;
        desk.world.trouble(Step::Confirm, trouble);
        let worker = desk.state.worker.clone();
        let context = RequestContext::begin();
        let driver = tokio::spawn(async move { worker.drive(payment.id, &context).await });
        desk.world.reached().await;

        desk.world.set_booking(booking, BookingState::Cancelled);
        let requested = desk
            .state
            .store
            .request_refund(payment.id, booking, desk.clock.now());
        assert!(requested.await.expect("the store").is_some());
        desk.world.release();
        driver.await.expect("no panic");

        assert_eq!(desk.payment(payment.id).await.status, Status::Refunded);
        let charge = desk.world.charges()[&payment.id];
        assert_eq!((charge.taken, charge.returned), (1, 1), "{trouble:?}");
        assert_eq!(desk.open_steps().await, 0);
    }
}

#[on_each_engine]
async fn a_refund_asked_for_before_the_bank_declines_has_nothing_to_give_back(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user = Uuid::new_v4();
    let booking = desk.world.add_booking(user);
    let payment = desk.written_payment(user, booking, "tok_declined").await;
    let store = &desk.state.store;
    for _ in 0..2 {
        let requested = store.request_refund(payment.id, booking, desk.clock.now());
        assert!(requested.await.expect("the store").is_some());
    }
    desk.drive(payment.id).await;
    assert_eq!(desk.payment(payment.id).await.status, Status::Failed);
    assert_eq!(desk.open_steps().await, 0);
}

/// Proves: R4, R5
#[on_each_engine]
async fn the_card_token_is_erased_as_soon_as_the_bank_has_answered(engine: Engine) {
    for token in ["tok_accepted", "tok_declined"] {
        let desk = Desk::open(engine).await;
        let user = Uuid::new_v4();
        let booking = desk.world.add_booking(user);
        let payment = desk.written_payment(user, booking, token).await;
        assert_eq!(desk.card_tokens().await, 1);
        let context = RequestContext::begin();
        let turn = desk.state.worker.step(payment.id, &context).await;
        assert_eq!(turn.expect("the store"), Turn::Done);
        assert_eq!(desk.card_tokens().await, 0, "{token}");
    }
}

#[on_each_engine]
async fn a_change_that_the_state_machine_does_not_know_writes_nothing(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user = Uuid::new_v4();
    let booking = desk.world.add_booking(user);
    let payment = desk.written_payment(user, booking, "tok_accepted").await;
    let (store, now) = (&desk.state.store, desk.clock.now());
    let claim = store.claim(payment.id, now, LEASE).await;
    let claim = claim.expect("the store").expect("a step");
    let recorded = store.record(&claim, effect_of(Answer::Refunded), now).await;
    assert!(recorded.is_err());
    assert_eq!(desk.payment(payment.id).await, payment);
    assert_eq!((desk.open_steps().await, desk.card_tokens().await), (1, 1));
}

#[on_each_engine]
async fn a_waiting_request_learns_what_another_driver_has_done(engine: Engine) {
    let desk = Desk::open(engine).await;
    let user = Uuid::new_v4();
    let booking = desk.world.add_booking(user);
    let payment = desk.written_payment(user, booking, "tok_accepted").await;
    let limit = Duration::from_secs(60);
    let waiting = desk.state.worker.wait_for_outcome(payment.id, limit);
    let (seen, ()) = tokio::join!(waiting, desk.drive(payment.id));
    assert_eq!(seen.expect("the store").outcome(), Outcome::Paid);
}

async fn attempts(desk: &Desk) -> i64 {
    sqlx::query_scalar("SELECT CAST(SUM(attempts) AS BIGINT) FROM steps")
        .fetch_one(desk.state.store.store().pool())
        .await
        .expect("the store")
}
