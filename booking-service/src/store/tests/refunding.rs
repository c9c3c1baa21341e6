//! The outbox of refund orders, and the job that empties it.

use escale_engines::{Engine, on_each_engine};
use std::sync::Mutex;

use futures_util::future::{BoxFuture, ready};
use service_kit::error::{ApiError, Code};
use uuid::Uuid;

use crate::domain::RefundOrder;
use crate::jobs::send_refund_order;
use crate::peers::Refunds;
use crate::testing::{MINUTE, Shop, refused};

/// Payment that says no as often as it is told, and remembers what it was asked.
struct FakePayment {
    refusals: Mutex<usize>,
    asked: Mutex<Vec<(Uuid, Uuid)>>,
}

impl FakePayment {
    fn refusing(times: usize) -> Self {
        Self {
            refusals: Mutex::new(times),
            asked: Mutex::default(),
        }
    }

    fn asked(&self) -> Vec<(Uuid, Uuid)> {
        self.asked.lock().expect("no panic before").clone()
    }
}

impl Refunds for FakePayment {
    fn order<'a>(&'a self, order: &'a RefundOrder) -> BoxFuture<'a, Result<(), ApiError>> {
        let mut asked = self.asked.lock().expect("no panic before");
        asked.push((order.booking_id, order.payment_id));
        let mut refusals = self.refusals.lock().expect("no panic before");
        let answer = match *refusals {
            0 => Ok(()),
            _ => Err(Code::ServiceUnavailable.into()),
        };
        *refusals = refusals.saturating_sub(1);
        Box::pin(ready(answer))
    }
}

async fn cancelled(shop: &Shop) -> (Uuid, Uuid) {
    let user = Uuid::new_v4();
    let booking = shop.confirmed(user).await;
    let cancelled = shop
        .bookings
        .cancel(booking.id, user, shop.clock.now())
        .await;
    refused(cancelled).expect("cancelled");
    (booking.id, booking.payment_id.expect("it was paid"))
}

async fn run(shop: &Shop, payment: &FakePayment) {
    while send_refund_order(&shop.bookings, payment, shop.clock.now()).await {}
}

#[on_each_engine]
async fn a_refund_order_is_sent_until_payment_takes_it_and_then_no_more(engine: Engine) {
    let shop = Shop::open(engine).await;
    let order = cancelled(&shop).await;
    let payment = FakePayment::refusing(2);
    run(&shop, &payment).await;
    run(&shop, &payment).await;
    assert_eq!(payment.asked(), [order], "the pause is not over");
    for _ in 0..5 {
        shop.clock.advance(MINUTE);
        run(&shop, &payment).await;
    }
    assert_eq!(payment.asked(), [order; 3]);
}

#[on_each_engine]
async fn an_order_whose_sender_died_is_sent_again(engine: Engine) {
    let shop = Shop::open(engine).await;
    let order = cancelled(&shop).await;
    let claimed = shop.bookings.claim_refund_order(shop.clock.now()).await;
    assert!(refused(claimed).expect("the outbox").is_some());
    shop.clock.advance(MINUTE);
    let payment = FakePayment::refusing(0);
    run(&shop, &payment).await;
    assert_eq!(payment.asked(), [order]);
}

#[on_each_engine]
async fn one_order_that_is_refused_does_not_hold_up_the_others(engine: Engine) {
    let shop = Shop::open(engine).await;
    let orders = [cancelled(&shop).await, cancelled(&shop).await];
    let payment = FakePayment::refusing(1);
    run(&shop, &payment).await;
    let mut asked = payment.asked();
    asked.sort();
    let mut expected = orders.to_vec();
    expected.sort();
    assert_eq!(asked, expected);
}
