//! Payments that confirm.

use escale_engines::{Engine, on_each_engine};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::{HOLD, Refusal, Status};
use crate::jobs::expire_holds;
use crate::testing::{Shop, payment_for, refused};

#[on_each_engine]
async fn a_paid_booking_keeps_its_seats_after_the_hold(engine: Engine) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    let booking = shop.confirmed(user).await;
    shop.clock.advance(HOLD);
    expire_holds(&shop.bookings, shop.clock.now()).await;
    let stored = refused(shop.bookings.find(booking.id, user).await).expect("there");
    assert_eq!(stored.status, Status::Confirmed);
    assert_eq!(shop.taken().await, 3);
}

#[on_each_engine]
async fn the_same_payment_confirms_twice_with_one_effect_and_another_is_refused(engine: Engine) {
    let shop = Shop::open(engine).await;
    let booking = shop.book(Uuid::new_v4(), 2).await.expect("a hold");
    let payment = payment_for(&booking);
    let confirm = |payment| {
        let (store, id, now) = (shop.bookings.clone(), booking.id, shop.clock.now());
        async move { refused(store.confirm(id, &payment, now).await) }
    };
    let first = confirm(payment.clone()).await.expect("confirmed");
    shop.clock.advance(HOLD);
    assert_eq!(confirm(payment).await, Ok(first));
    let other = confirm(payment_for(&booking)).await;
    assert_eq!(other, Err(Refusal::NotPayable));
}

#[on_each_engine]
async fn another_amount_is_refused_and_the_booking_waits_on(engine: Engine) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    let booking = shop.book(user, 2).await.expect("a hold");
    let mut payment = payment_for(&booking);
    payment.amount_cents -= 1;
    let confirmed = shop
        .bookings
        .confirm(booking.id, &payment, shop.clock.now())
        .await;
    assert_eq!(refused(confirmed), Err(Refusal::AmountMismatch));
    assert_eq!(
        refused(shop.bookings.find(booking.id, user).await),
        Ok(booking)
    );
}

#[on_each_engine]
async fn one_payment_cannot_confirm_two_bookings(engine: Engine) {
    let shop = Shop::open(engine).await;
    let one = shop.book(Uuid::new_v4(), 2).await.expect("a hold");
    let two = shop.book(Uuid::new_v4(), 2).await.expect("a hold");
    let payment = payment_for(&one);
    let now = shop.clock.now();
    refused(shop.bookings.confirm(one.id, &payment, now).await).expect("confirmed");
    let second = shop.bookings.confirm(two.id, &payment, now).await;
    assert_eq!(refused(second), Err(Refusal::NotPayable));
}

#[on_each_engine(flavor = "multi_thread")]
async fn of_many_payments_at_one_moment_exactly_one_confirms(engine: Engine) {
    let shop = Arc::new(Shop::open(engine).await);
    let booking = shop.book(Uuid::new_v4(), 2).await.expect("a hold");
    let payments = (0..20).map(|_| {
        let (shop, payment) = (Arc::clone(&shop), payment_for(&booking));
        let id = booking.id;
        tokio::spawn(async move {
            refused(shop.bookings.confirm(id, &payment, shop.clock.now()).await).is_ok()
        })
    });
    let mut confirmed = 0;
    for payment in payments.collect::<Vec<_>>() {
        confirmed += i32::from(payment.await.expect("no panic"));
    }
    assert_eq!(confirmed, 1);
}
