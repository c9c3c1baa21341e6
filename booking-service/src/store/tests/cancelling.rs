//! Owners who cancel.

use escale_engines::{Engine, on_each_engine};
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use crate::domain::{HOLD, Refusal, Status};
use crate::testing::{Shop, payment_for, refused};

const ORDERS: &str = "SELECT COUNT(*) FROM refund_orders";

#[on_each_engine]
async fn giving_up_a_hold_frees_its_seats_once_and_orders_no_refund(engine: Engine) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    let booking = shop.book(user, 4).await.expect("a hold");
    let now = shop.clock.now();
    let first = refused(shop.bookings.cancel(booking.id, user, now).await).expect("cancelled");
    shop.clock.advance(HOLD);
    let again = shop
        .bookings
        .cancel(booking.id, user, shop.clock.now())
        .await;
    assert_eq!(refused(again), Ok(first));
    assert_eq!((shop.taken().await, shop.number(ORDERS).await), (0, 0));
}

#[on_each_engine]
async fn cancelling_a_paid_booking_frees_its_seats_and_orders_one_refund(engine: Engine) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    let booking = shop.confirmed(user).await;
    for _ in 0..2 {
        let cancelled = shop
            .bookings
            .cancel(booking.id, user, shop.clock.now())
            .await;
        let cancelled = refused(cancelled).expect("cancelled");
        assert_eq!(cancelled.status, Status::Cancelled);
    }
    assert_eq!((shop.taken().await, shop.number(ORDERS).await), (0, 1));
}

#[on_each_engine]
async fn neither_an_expired_booking_nor_a_paid_one_of_today_can_be_cancelled(engine: Engine) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    let (paid, unpaid) = (
        shop.confirmed(user).await,
        shop.book(user, 1).await.expect("a hold"),
    );
    shop.clock.advance(Duration::from_secs(14 * 86_400));
    assert_eq!(shop.clock.today(), paid.date);
    for id in [paid.id, unpaid.id] {
        let cancelled = shop.bookings.cancel(id, user, shop.clock.now()).await;
        assert_eq!(refused(cancelled), Err(Refusal::NotCancellable));
    }
    assert_eq!(shop.number(ORDERS).await, 0);
}

#[on_each_engine]
async fn another_users_booking_is_not_found_and_stays_as_it_is(engine: Engine) {
    let shop = Shop::open(engine).await;
    let (owner, stranger) = (Uuid::new_v4(), Uuid::new_v4());
    let booking = shop.book(owner, 1).await.expect("a hold");
    let cancelled = shop
        .bookings
        .cancel(booking.id, stranger, shop.clock.now())
        .await;
    assert_eq!(refused(cancelled), Err(Refusal::NotFound));
    let shown = shop.bookings.find(booking.id, stranger).await;
    assert_eq!(refused(shown), Err(Refusal::NotFound));
    assert_eq!(
        refused(shop.bookings.find(booking.id, owner).await),
        Ok(booking)
    );
}

#[on_each_engine(flavor = "multi_thread")]
async fn a_cancellation_that_races_a_payment_loses_neither_seat_nor_money(engine: Engine) {
    for _ in 0..20 {
        let shop = Arc::new(Shop::open(engine).await);
        let user = Uuid::new_v4();
        let booking = shop.book(user, 2).await.expect("a hold");
        let payment = payment_for(&booking);
        let paying = {
            let (shop, id) = (Arc::clone(&shop), booking.id);
            tokio::spawn(async move {
                refused(shop.bookings.confirm(id, &payment, shop.clock.now()).await)
            })
        };
        let cancelled = shop
            .bookings
            .cancel(booking.id, user, shop.clock.now())
            .await;
        assert!(refused(cancelled).is_ok());
        // Confirmed first: a refund is ordered. Cancelled first: payment is told and gives the money back itself.
        let orders = match paying.await.expect("no panic") {
            Ok(_) => 1,
            Err(refusal) => {
                assert_eq!(refusal, Refusal::NotPayable);
                0
            }
        };
        assert_eq!((shop.taken().await, shop.number(ORDERS).await), (0, orders));
    }
}
