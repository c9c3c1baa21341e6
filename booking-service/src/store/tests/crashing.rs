//! Work that ends between two steps: by a crash, which the database sees as a transaction that is dropped, or because a
//! later step fails.

use escale_engines::{Engine, on_each_engine};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use uuid::Uuid;

use crate::domain::{Booking, HOLD};
use crate::store::{RequestKey, StoreError};
use crate::testing::{Shop, hold_of, payment_for, refused};

/// No case of this test may be refused for want of seats.
const ROOMY: i64 = 1_000_000;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Work {
    Create,
    Confirm,
    Cancel,
    Expire,
}

/// Whether `work` came to its end within `wakes`.
async fn cut_off<F: Future>(work: F, wakes: usize) -> bool {
    let mut work = pin!(work);
    let mut left = wakes;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        work.as_mut().poll(context).map(|_| true)
    })
    .await
}

async fn begin(shop: &Shop, work: Work, wakes: usize) -> bool {
    let (store, now) = (&shop.bookings, shop.clock.now());
    let booking = hold_of(Uuid::new_v4(), shop.tour_id, 1, now);
    let Booking { id, user_id, .. } = booking;
    let payment = payment_for(&booking);
    if work == Work::Create {
        return cut_off(store.create(booking, ROOMY, None), wakes).await;
    }
    refused(store.create(booking, ROOMY, None).await).expect("room");
    if work == Work::Cancel {
        refused(store.confirm(id, &payment, now).await).expect("paid");
    }
    match work {
        Work::Create => unreachable!("it returned above"),
        Work::Confirm => cut_off(store.confirm(id, &payment, now), wakes).await,
        Work::Cancel => cut_off(store.cancel(id, user_id, now), wakes).await,
        Work::Expire => cut_off(store.expire_a_day(now.plus(HOLD)), wakes).await,
    }
}

/// Proves: svc-crash
#[on_each_engine]
async fn work_that_is_cut_off_anywhere_is_not_done_by_half(engine: Engine) {
    let shop = Shop::open(engine).await;
    // One statement, so one snapshot: a commit that was cut off on its way may still land between two readings.
    let astray = "SELECT (SELECT COALESCE(MAX(taken), 0) FROM seats) - \
                  (SELECT CAST(COALESCE(SUM(participants), 0) AS BIGINT) FROM bookings \
                  WHERE status IN ('pending', 'confirmed'))";
    let unpaid_back = "SELECT COUNT(*) FROM bookings LEFT JOIN refund_orders \
                       ON refund_orders.booking_id = bookings.id WHERE status = 'cancelled' \
                       AND bookings.payment_id IS NOT NULL AND refund_orders.booking_id IS NULL";
    for work in [Work::Create, Work::Confirm, Work::Cancel, Work::Expire] {
        // How many wake-ups a piece of work needs is the database's affair and differs from run to run: past the first
        // that came to its end, later ones may still be cut off.
        for wakes in 0..40 {
            begin(&shop, work, wakes).await;
            let case = format!("{work:?} cut off after {wakes} wake-ups");
            assert_eq!(shop.number(astray).await, 0, "{case}");
            assert_eq!(shop.number(unpaid_back).await, 0, "{case}");
        }
    }
}

/// Changes the database behind the store's back, so that a step which comes last fails.
async fn sabotage(shop: &Shop, statement: &'static str) {
    let done = sqlx::query(statement).execute(&shop.pool).await;
    done.expect("a sabotaged database");
}

#[on_each_engine]
async fn a_creation_whose_key_cannot_be_kept_leaves_neither_booking_nor_taken_seats(
    engine: Engine,
) {
    let shop = Shop::open(engine).await;
    sabotage(
        &shop,
        "CREATE UNIQUE INDEX one ON idempotency_keys (fingerprint)",
    )
    .await;
    let request = RequestKey {
        key: "9f1c".into(),
        fingerprint: "a".into(),
    };
    let mut stored = Vec::new();
    for _ in 0..2 {
        let booking = hold_of(Uuid::new_v4(), shop.tour_id, 2, shop.clock.now());
        let created = shop.bookings.create(booking, ROOMY, Some(&request)).await;
        stored.push(created.is_ok());
    }
    assert_eq!(stored, [true, false]);
    let bookings = shop.number("SELECT COUNT(*) FROM bookings").await;
    assert_eq!((shop.taken().await, bookings), (2, 1));
}

#[on_each_engine]
async fn a_cancellation_whose_refund_cannot_be_ordered_is_none(engine: Engine) {
    let shop = Shop::open(engine).await;
    sabotage(
        &shop,
        "CREATE UNIQUE INDEX one ON refund_orders (created_at)",
    )
    .await;
    let mut cancelled = Vec::new();
    for _ in 0..2 {
        let user = Uuid::new_v4();
        let booking = shop.confirmed(user).await;
        let now = shop.clock.now();
        cancelled.push(shop.bookings.cancel(booking.id, user, now).await.is_ok());
    }
    assert_eq!(cancelled, [true, false]);
    let confirmed = shop
        .number("SELECT COUNT(*) FROM bookings WHERE status = 'confirmed'")
        .await;
    assert_eq!((shop.taken().await, confirmed), (3, 1));
}

#[on_each_engine]
async fn an_expiry_that_cannot_give_its_seats_back_is_none(engine: Engine) {
    let shop = Shop::open(engine).await;
    shop.book(Uuid::new_v4(), 3).await.expect("a hold");
    sabotage(&shop, "UPDATE seats SET taken = 2").await;
    shop.clock.advance(HOLD);
    let expired = shop.bookings.expire_a_day(shop.clock.now()).await;
    assert!(matches!(expired, Err(StoreError::Database(_))));
    let pending = shop
        .number("SELECT COUNT(*) FROM bookings WHERE status = 'pending'")
        .await;
    assert_eq!((shop.taken().await, pending), (2, 1));
}
