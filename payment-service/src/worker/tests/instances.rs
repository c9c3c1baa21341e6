//! Two instances of the service on one database.

use escale_engines::{Engine, on_each_engine};
use service_kit::context::RequestContext;
use uuid::Uuid;

use super::{Turn, attempts};
use crate::domain::payment::Outcome;
use crate::domain::status::Status;
use crate::domain::step::Peer;
use crate::jobs::resume_due;
use crate::testing::Desk;

#[on_each_engine(flavor = "multi_thread")]
async fn each_step_of_each_payment_is_done_by_one_of_two_instances(engine: Engine) {
    let desk = Desk::open(engine).await;
    let other = desk.second_instance().await;
    let mut payments = Vec::new();
    for _ in 0..12 {
        let user = Uuid::new_v4();
        let booking = desk.world.add_booking(user);
        let payment = desk.written_payment(user, booking, "tok_accepted").await;
        payments.push(payment.id);
    }
    let now = desk.clock.now();
    let second = tokio::spawn(async move { resume_due(&other, Peer::Bank, now).await });
    resume_due(&desk.state, Peer::Bank, now)
        .await
        .expect("the store");
    second.await.expect("no panic").expect("the store");
    // What one instance left because the other had it.
    resume_due(&desk.state, Peer::Bank, now)
        .await
        .expect("the store");
    for id in &payments {
        assert_eq!(desk.payment(*id).await.outcome(), Outcome::Paid);
    }
    assert_eq!(attempts(&desk).await, 3 * 12, "one attempt a step");
    assert_eq!(desk.open_steps().await, 0);
}

#[on_each_engine(flavor = "multi_thread")]
async fn a_refund_asked_for_again_while_it_is_written_down_waits_for_nobody_who_waits_for_it(
    engine: Engine,
) {
    let desk = Desk::open(engine).await;
    let other = desk.second_instance().await;
    for _ in 0..25 {
        let user = Uuid::new_v4();
        let booking = desk.world.add_booking(user);
        let id = desk.written_payment(user, booking, "tok_accepted").await.id;
        desk.drive(id).await;
        let (asking, now) = (other.store.clone(), desk.clock.now());
        let asked = desk.state.store.request_refund(id, booking, now).await;
        assert!(asked.expect("the store").is_some());
        let again = tokio::spawn(async move {
            for _ in 0..5 {
                let asked = asking.request_refund(id, booking, now).await;
                asked.expect("no deadlock");
            }
        });
        let context = RequestContext::begin();
        let turn = desk.state.worker.step(id, &context).await;
        assert_eq!(turn.expect("no deadlock"), Turn::Done);
        again.await.expect("no panic");
        assert_eq!(desk.payment(id).await.status, Status::Refunded);
    }
}
