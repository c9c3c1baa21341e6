//! A killed process, at every point where it can be killed: between two steps, with a call not yet arrived, with a
//! call done and its answer lost. Whatever the point, after a restart: captured = confirmed or refunded, money is
//! taken once at most, and nothing is left to do (threats: crash).

use escale_engines::{Engine, on_each_engine};
use service_kit::context::RequestContext;
use uuid::Uuid;

use super::LEASE;
use crate::domain::offer::BookingState;
use crate::domain::payment::Payment;
use crate::domain::status::Status;
use crate::domain::step::Step;
use crate::testing::{Desk, Trouble};

/// Where the process is killed.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// After so many whole steps.
    After(usize),
    /// In the middle of a step; it may be one that this story does not come to.
    Within(Step, Trouble),
}

/// What goes on around the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Story {
    Accepted,
    Declined,
    /// The hold ends before the confirmation.
    Expired,
    /// The booking is cancelled, and its refund asked for, while the payment service is down.
    Cancelled,
}

fn cuts() -> Vec<Cut> {
    let within = Step::ALL.into_iter().flat_map(|step| {
        [Trouble::HangsBefore, Trouble::HangsAfter].map(|trouble| Cut::Within(step, trouble))
    });
    (0..=4).map(Cut::After).chain(within).collect()
}

/// Proves: svc-crash
#[on_each_engine]
async fn an_accepted_payment_is_captured_and_confirmed_wherever_it_was_cut(engine: Engine) {
    for cut in cuts() {
        let (desk, payment) = tell(engine, Story::Accepted, cut).await;
        assert_eq!(payment.status, Status::Captured, "{cut:?}");
        assert_money_is_where_it_belongs(&desk, &payment, cut).await;
    }
}

/// Proves: svc-crash
#[on_each_engine]
async fn a_payment_that_booking_refuses_is_refunded_wherever_it_was_cut(engine: Engine) {
    for cut in cuts() {
        let (desk, payment) = tell(engine, Story::Expired, cut).await;
        assert_eq!(payment.status, Status::Refunded, "{cut:?}");
        assert_money_is_where_it_belongs(&desk, &payment, cut).await;
    }
}

/// Proves: svc-crash
#[on_each_engine]
async fn a_cancelled_booking_is_refunded_wherever_its_payment_was_cut(engine: Engine) {
    for cut in cuts() {
        let (desk, payment) = tell(engine, Story::Cancelled, cut).await;
        assert_eq!(payment.status, Status::Refunded, "{cut:?}");
        assert_money_is_where_it_belongs(&desk, &payment, cut).await;
    }
}

#[on_each_engine]
async fn a_declined_payment_takes_no_money_wherever_it_was_cut(engine: Engine) {
    for cut in cuts() {
        let (desk, payment) = tell(engine, Story::Declined, cut).await;
        assert_eq!(payment.status, Status::Failed, "{cut:?}");
        assert_money_is_where_it_belongs(&desk, &payment, cut).await;
    }
}

/// Pays, is killed at `cut`, starts again on the same database, and lets the background job finish.
async fn tell(engine: Engine, story: Story, cut: Cut) -> (Desk, Payment) {
    let mut desk = Desk::open(engine).await;
    let user = Uuid::new_v4();
    let booking = desk.world.add_booking(user);
    let token = match story {
        Story::Declined => "tok_declined",
        _ => "tok_accepted",
    };
    let payment = desk.written_payment(user, booking, token).await;
    if story == Story::Expired {
        desk.world.set_booking(booking, BookingState::Expired);
    }
    drive_up_to(&desk, payment.id, cut).await;
    desk.restart().await;
    if story == Story::Cancelled {
        desk.world.set_booking(booking, BookingState::Cancelled);
        let now = desk.clock.now();
        let requested = desk.state.store.request_refund(payment.id, booking, now);
        assert!(requested.await.expect("the store").is_some());
    }
    // The cut may come only now (a refund that was asked for): killed again, started again.
    tokio::select! {
        () = desk.resume_after(LEASE) => {}
        () = desk.world.reached() => {}
    }
    desk.restart().await;
    desk.resume_after(LEASE).await;
    let payment = desk.payment(payment.id).await;
    (desk, payment)
}

async fn drive_up_to(desk: &Desk, payment_id: Uuid, cut: Cut) {
    let context = RequestContext::begin();
    match cut {
        Cut::After(steps) => {
            for _ in 0..steps {
                let turn = desk.state.worker.step(payment_id, &context).await;
                turn.expect("the store");
            }
        }
        Cut::Within(step, trouble) => {
            desk.world.trouble(step, trouble);
            // Whichever comes first: the driver ends because the step never came, or it hangs and is dropped.
            tokio::select! {
                () = desk.state.worker.drive(payment_id, &context) => {}
                () = desk.world.reached() => {}
            }
        }
    }
}

async fn assert_money_is_where_it_belongs(desk: &Desk, payment: &Payment, cut: Cut) {
    let charges = desk.world.charges();
    assert_eq!(charges.len(), 1, "one charge a payment, {cut:?}");
    let charge = charges[&payment.id];
    assert_eq!(charge.amount, payment.amount);
    let moved = match payment.status {
        Status::Captured => (1, 0),
        Status::Refunded => (1, 1),
        Status::Failed => (0, 0),
        Status::Created | Status::Authorised => panic!("not at an end: {payment:?}, {cut:?}"),
    };
    assert_eq!((charge.taken, charge.returned), moved, "{cut:?}");
    let confirmed = desk.world.booking(payment.booking_id).state == BookingState::Confirmed;
    assert_eq!(payment.status == Status::Captured, confirmed, "{cut:?}");
    assert_eq!(desk.open_steps().await, 0, "{cut:?}");
    assert_eq!(desk.card_tokens().await, 0, "{cut:?}");
}
