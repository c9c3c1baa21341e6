//! The lease of a step: whose it is while its driver is silent, and while it works.

use escale_engines::{Engine, on_each_engine};
use std::time::Duration;

use service_kit::context::RequestContext;
use uuid::Uuid;

use super::{LEASE, Turn, attempts};
use crate::domain::failure::Failure;
use crate::domain::payment::Outcome;
use crate::domain::protocol::effect_of;
use crate::domain::status::Status;
use crate::domain::step::{Answer, Step};
use crate::testing::{Desk, Trouble};

#[on_each_engine]
async fn a_silent_drivers_step_is_left_alone_until_its_lease_ends_and_then_its_answer_counts_no_more(
    engine: Engine,
) {
    let desk = Desk::open(engine).await;
    let user = Uuid::new_v4();
    let booking = desk.world.add_booking(user);
    let payment = desk.written_payment(user, booking, "tok_accepted").await;
    let (store, context) = (&desk.state.store, RequestContext::begin());
    let silent = store.claim(payment.id, desk.clock.now(), LEASE).await;
    let silent = silent.expect("the store").expect("a step");

    desk.clock.advance(LEASE - Duration::from_millis(1));
    let turn = desk.state.worker.step(payment.id, &context).await;
    assert_eq!(turn.expect("the store"), Turn::Nothing);
    assert_eq!(desk.payment(payment.id).await.status, Status::Created);

    desk.clock.advance(Duration::from_millis(1));
    desk.drive(payment.id).await;
    let paid = desk.payment(payment.id).await;
    assert_eq!(paid.outcome(), Outcome::Paid);

    // It was frozen, not dead, and wakes up.
    let now = desk.clock.now();
    let renewed = store.renew(&silent, now.plus(LEASE)).await;
    assert!(!renewed.expect("the store"));
    let declined = effect_of(Answer::Declined(Failure::CardDeclined));
    let recorded = store.record(&silent, declined, now).await;
    assert!(!recorded.expect("the store"));
    assert_eq!(desk.payment(payment.id).await, paid);
    assert_eq!(desk.world.charges()[&payment.id].taken, 1);
}

#[on_each_engine]
async fn a_driver_that_lives_keeps_its_step_however_long_its_call_takes(engine: Engine) {
    let desk = Desk::open(engine).await;
    let other = desk.second_instance().await;
    let user = Uuid::new_v4();
    let booking = desk.world.add_booking(user);
    let payment = desk.written_payment(user, booking, "tok_accepted").await;
    desk.world.trouble(Step::Authorise, Trouble::HangsAfter);
    let worker = desk.state.worker.clone();
    let slow = tokio::spawn(async move { worker.step(payment.id, &RequestContext::begin()).await });
    desk.world.reached().await;

    desk.clock.advance(LEASE - Duration::from_millis(1));
    renewed(&desk, payment.id).await;
    // The lease that it began with is over by now.
    desk.clock.advance(LEASE - Duration::from_millis(1));
    let context = RequestContext::begin();
    let turn = other.worker.step(payment.id, &context).await;
    assert_eq!(turn.expect("the store"), Turn::Nothing);

    desk.world.release();
    let turn = slow.await.expect("no panic").expect("the store");
    assert_eq!(turn, Turn::Done);
    assert_eq!(attempts(&desk).await, 1);
}

/// The driver of this payment's step says that it lives, by the clock as it stands now.
async fn renewed(desk: &Desk, id: Uuid) {
    let until = desk.clock.now().plus(LEASE).0;
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    let said = async {
        while desk.lease_until(id).await < Some(until) {
            looks.tick().await;
        }
    };
    let said = tokio::time::timeout(Duration::from_secs(20), said).await;
    said.expect("a driver that lives says so");
}
