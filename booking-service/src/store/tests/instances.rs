//! Two instances of the service on one database.

use std::sync::Mutex;

use escale_engines::{Engine, on_each_engine};
use futures_util::future::{BoxFuture, ready};
use service_kit::error::ApiError;
use uuid::Uuid;

use crate::domain::{HOLD, RefundOrder, Refusal};
use crate::jobs::{expire_holds, forget_keys, send_refund_order};
use crate::peers::Refunds;
use crate::store::{Bookings, RequestKey};
use crate::testing::{CAPACITY, Shop, hold_of, payment_for, refused};

/// Payment that takes every order, and remembers each time that it was asked.
#[derive(Default)]
struct FakePayment(Mutex<Vec<Uuid>>);

impl Refunds for FakePayment {
    fn order<'a>(&'a self, order: &'a RefundOrder) -> BoxFuture<'a, Result<(), ApiError>> {
        self.0
            .lock()
            .expect("no panic before")
            .push(order.booking_id);
        Box::pin(ready(Ok(())))
    }
}

#[on_each_engine]
async fn each_refund_order_is_sent_by_one_of_two_instances(engine: Engine) {
    let shop = Shop::open(engine).await;
    let other = shop.second_instance().await;
    let mut cancelled = Vec::new();
    for _ in 0..6 {
        let user = Uuid::new_v4();
        let id = shop.confirmed(user).await.id;
        let done = shop.bookings.cancel(id, user, shop.clock.now()).await;
        cancelled.push(refused(done).expect("cancelled").id);
    }
    let payment = FakePayment::default();
    let now = shop.clock.now();
    let run = async |bookings: &Bookings| {
        while send_refund_order(bookings, &payment, now).await {}
    };
    tokio::join!(run(&shop.bookings), run(&other));
    let mut asked = payment.0.into_inner().expect("no panic before");
    asked.sort();
    cancelled.sort();
    assert_eq!(asked, cancelled, "each once");
}

/// What users and jobs do in the worst minute: all of it on two tours, from two instances. A deadlock or a lost lock
/// shows as a failing database, a missed one as seats that do not add up.
#[on_each_engine(flavor = "multi_thread")]
async fn everything_at_once_neither_locks_itself_nor_loses_a_seat(engine: Engine) {
    let shop = Shop::open(engine).await;
    let instances = [shop.bookings.clone(), shop.second_instance().await];
    let (tours, users) = (
        [(); 2].map(|()| Uuid::new_v4()),
        [(); 4].map(|()| Uuid::new_v4()),
    );
    for tour in tours {
        for _ in 0..4 {
            let over = hold_of(Uuid::new_v4(), tour, 1, shop.clock.now());
            refused(shop.bookings.create(over, CAPACITY, None).await).expect("room");
        }
    }
    shop.clock.advance(HOLD);
    let now = shop.clock.now();
    let tasks = (0..40_usize).map(|turn| {
        let store = instances[turn % 2].clone();
        let (user, tour) = (users[turn % 4], tours[turn / 2 % 2]);
        let request = RequestKey {
            key: format!("{}", turn % 5),
            fingerprint: "a".into(),
        };
        tokio::spawn(async move {
            if turn % 5 == 0 {
                expire_holds(&store, now).await;
                forget_keys(&store, now).await;
            }
            let wish = hold_of(user, tour, 1, now);
            let payment = payment_for(&wish);
            let made = store.create(wish.clone(), CAPACITY, Some(&request)).await;
            if let Err(refusal) = refused(made) {
                return vec![refusal];
            }
            let (paid, given_up) = tokio::join!(
                store.confirm(wish.id, &payment, now),
                store.cancel(wish.id, user, now)
            );
            let refusals = [refused(paid).err(), refused(given_up).err()];
            refusals.into_iter().flatten().collect()
        })
    });
    let usual = [
        Refusal::NotFound,
        Refusal::NotPayable,
        Refusal::SoldOut,
        Refusal::TooManyHolds,
    ];
    for task in tasks.collect::<Vec<_>>() {
        for refusal in task.await.expect("no panic, no failing database") {
            assert!(usual.contains(&refusal), "{refusal:?}");
        }
    }
    let astray = "SELECT (SELECT CAST(COALESCE(SUM(taken), 0) AS BIGINT) FROM seats) - \
                  (SELECT CAST(COALESCE(SUM(participants), 0) AS BIGINT) FROM bookings \
                  WHERE status IN ('pending', 'confirmed'))";
    assert_eq!(shop.number(astray).await, 0);
}
