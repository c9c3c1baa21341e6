//! Overbooking, and one user who holds everything.

use escale_engines::{Engine, on_each_engine};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::{HOLD, HOLDS_PER_USER, Refusal};
use crate::testing::{CAPACITY, Shop, hold_of, refused};

/// Proves: svc-overbooking
#[on_each_engine(flavor = "multi_thread")]
async fn two_hundred_parallel_bookings_sell_the_last_twenty_seats_and_no_more(engine: Engine) {
    let shop = Arc::new(Shop::open(engine).await);
    let buyers = (0..200).map(|_| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move { shop.book(Uuid::new_v4(), 1).await })
    });
    let mut sold = 0;
    for buyer in buyers.collect::<Vec<_>>() {
        match buyer.await.expect("no panic") {
            Ok(_) => sold += 1,
            Err(refusal) => assert_eq!(refusal, Refusal::SoldOut),
        }
    }
    assert_eq!(sold, CAPACITY);
    assert_eq!(shop.taken().await, CAPACITY);
    let held = shop
        .number("SELECT CAST(SUM(participants) AS BIGINT) FROM bookings WHERE status = 'pending'")
        .await;
    assert_eq!(held, CAPACITY);
}

#[on_each_engine]
async fn a_group_that_does_not_fit_whole_takes_no_seat(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.book(Uuid::new_v4(), 18).await.expect("eighteen fit");
    assert_eq!(shop.book(Uuid::new_v4(), 3).await, Err(Refusal::SoldOut));
    assert!(shop.book(Uuid::new_v4(), 2).await.is_ok());
    assert_eq!(shop.taken().await, 20);
}

#[on_each_engine]
async fn the_capacity_of_a_day_follows_the_catalogue(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.book(Uuid::new_v4(), 18).await.expect("eighteen fit");
    let three = || hold_of(Uuid::new_v4(), shop.tour_id, 3, shop.clock.now());
    let lowered = shop.bookings.create(three(), 10, None).await;
    assert_eq!(refused(lowered), Err(Refusal::SoldOut));
    let raised = shop.bookings.create(three(), 21, None).await;
    assert!(refused(raised).is_ok());
}

/// Proves: svc-business-flow
#[on_each_engine(flavor = "multi_thread")]
async fn parallel_requests_of_one_user_do_not_pass_the_cap_of_holds(engine: Engine) {
    let shop = Arc::new(Shop::open(engine).await);
    let user = Uuid::new_v4();
    let requests = (0..30).map(|_| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            // Another tour each time: the day's lock must not be what orders them.
            let booking = hold_of(user, Uuid::new_v4(), 1, shop.clock.now());
            refused(shop.bookings.create(booking, CAPACITY, None).await)
        })
    });
    let mut held = 0;
    for request in requests.collect::<Vec<_>>() {
        match request.await.expect("no panic") {
            Ok(_) => held += 1,
            Err(refusal) => assert_eq!(refusal, Refusal::TooManyHolds),
        }
    }
    assert_eq!(held, HOLDS_PER_USER);
}

#[on_each_engine]
async fn holds_that_are_over_or_paid_do_not_count_for_the_cap(engine: Engine) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    shop.confirmed(user).await;
    for _ in 0..HOLDS_PER_USER {
        shop.book(user, 1).await.expect("under the cap");
    }
    assert_eq!(shop.book(user, 1).await, Err(Refusal::TooManyHolds));
    shop.clock.advance(HOLD);
    assert!(shop.book(user, 1).await.is_ok());
}
