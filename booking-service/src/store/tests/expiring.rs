//! Holds that run out.

use escale_engines::{Engine, on_each_engine};
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::{HOLD, Refusal, Status};
use crate::jobs::expire_holds;
use crate::testing::{MINUTE, Shop, payment_for, refused};

#[on_each_engine]
async fn expiry_gives_the_seats_back_once_however_often_the_job_runs(engine: Engine) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    let booking = shop.book(user, 7).await.expect("a hold");
    shop.confirmed(Uuid::new_v4()).await;
    expire_holds(&shop.bookings, shop.clock.now()).await;
    assert_eq!(shop.taken().await, 10, "nothing is over yet");
    shop.clock.advance(HOLD);
    for _ in 0..3 {
        expire_holds(&shop.bookings, shop.clock.now()).await;
    }
    assert_eq!(shop.taken().await, 3);
    let stored = shop.bookings.find(booking.id, user).await;
    let stored = refused(stored).expect("still there");
    assert_eq!(stored.status, Status::Expired);
    assert_eq!(stored, booking.seen_at(shop.clock.now()));
}

#[on_each_engine(flavor = "multi_thread")]
async fn jobs_and_buyers_that_expire_at_one_moment_give_no_seat_back_twice(engine: Engine) {
    let shop = Arc::new(Shop::open(engine).await);
    for _ in 0..20 {
        shop.book(Uuid::new_v4(), 1).await.expect("a hold");
    }
    shop.clock.advance(HOLD);
    let tasks = (0..20).map(|turn| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move {
            if turn % 2 == 0 {
                expire_holds(&shop.bookings, shop.clock.now()).await;
            } else {
                shop.book(Uuid::new_v4(), 2).await.expect("seats are free");
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("no panic");
    }
    assert_eq!(shop.taken().await, 20);
    assert_eq!(shop.book(Uuid::new_v4(), 1).await, Err(Refusal::SoldOut));
}

#[on_each_engine]
async fn a_buyer_does_not_wait_for_the_job(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.book(Uuid::new_v4(), 20).await.expect("all of them");
    shop.clock.advance(HOLD - MINUTE);
    assert_eq!(shop.book(Uuid::new_v4(), 1).await, Err(Refusal::SoldOut));
    shop.clock.advance(MINUTE);
    assert!(shop.book(Uuid::new_v4(), 1).await.is_ok());
    assert_eq!(shop.taken().await, 1);
}

#[on_each_engine]
async fn a_payment_after_the_hold_is_refused_whether_or_not_the_job_came_by(engine: Engine) {
    let shop = Shop::open(engine).await;
    let booking = shop.book(Uuid::new_v4(), 2).await.expect("a hold");
    let payment = payment_for(&booking);
    shop.clock.advance(HOLD);
    for _ in 0..2 {
        let late = shop
            .bookings
            .confirm(booking.id, &payment, shop.clock.now())
            .await;
        assert_eq!(refused(late), Err(Refusal::NotPayable));
        expire_holds(&shop.bookings, shop.clock.now()).await;
    }
    assert_eq!(shop.taken().await, 0);
}
