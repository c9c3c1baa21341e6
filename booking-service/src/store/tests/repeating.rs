//! Requests that are sent twice.

use escale_engines::{Engine, on_each_engine};
use std::collections::HashSet;
use std::sync::Arc;

use uuid::Uuid;

use crate::domain::{HOLD, KEY_LIFETIME, Refusal};
use crate::jobs::forget_keys;
use crate::store::{Created, RequestKey};
use crate::testing::{Shop, refused};

fn request(fingerprint: &str) -> RequestKey {
    RequestKey {
        key: "9f1c".into(),
        fingerprint: fingerprint.into(),
    }
}

fn id(created: Created) -> Uuid {
    match created {
        Created::New(booking) | Created::Before(booking) => booking.id,
    }
}

#[on_each_engine(flavor = "multi_thread")]
async fn the_same_request_twenty_times_at_once_makes_one_booking(engine: Engine) {
    let shop = Arc::new(Shop::open(engine).await);
    let user = Uuid::new_v4();
    let requests = (0..20).map(|_| {
        let shop = Arc::clone(&shop);
        tokio::spawn(async move { shop.book_with(user, 2, Some(&request("a"))).await })
    });
    let (mut ids, mut new) = (HashSet::new(), 0);
    for answer in requests.collect::<Vec<_>>() {
        let created = answer.await.expect("no panic").expect("an answer");
        new += i32::from(matches!(created, Created::New(_)));
        ids.insert(id(created));
    }
    assert_eq!((ids.len(), new, shop.taken().await), (1, 1, 2));
}

#[on_each_engine]
async fn a_key_with_another_request_is_refused_and_another_users_key_is_another_key(
    engine: Engine,
) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    let first = shop.book_with(user, 2, Some(&request("a"))).await;
    let other = shop.book_with(user, 3, Some(&request("b"))).await;
    assert_eq!(other, Err(Refusal::KeyReused));
    let stranger = shop.book_with(Uuid::new_v4(), 2, Some(&request("a"))).await;
    assert_ne!(
        id(first.expect("a booking")),
        id(stranger.expect("another booking"))
    );
}

#[on_each_engine]
async fn a_request_that_was_refused_leaves_no_key(engine: Engine) {
    let shop = Shop::open(engine).await;
    let rival = shop.book(Uuid::new_v4(), 20).await;
    assert!(rival.is_ok());
    let user = Uuid::new_v4();
    let full = shop.book_with(user, 2, Some(&request("a"))).await;
    assert_eq!(full, Err(Refusal::SoldOut));
    shop.clock.advance(HOLD);
    let free = shop.book_with(user, 2, Some(&request("a"))).await;
    assert!(matches!(free, Ok(Created::New(_))));
}

#[on_each_engine]
async fn a_key_is_forgotten_after_a_day_and_not_before(engine: Engine) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    let first = shop.book_with(user, 2, Some(&request("a"))).await;
    let first = id(first.expect("a booking"));
    shop.clock.advance(KEY_LIFETIME - HOLD);
    forget_keys(&shop.bookings, shop.clock.now()).await;
    let same = shop.book_with(user, 2, Some(&request("a"))).await;
    assert_eq!(id(same.expect("the same")), first);
    shop.clock.advance(HOLD);
    let found = shop
        .bookings
        .made_by(user, &request("a"), shop.clock.now())
        .await;
    assert_eq!(refused(found), Ok(None), "dead before it is pruned");
    let new = shop.book_with(user, 2, Some(&request("a"))).await;
    assert_ne!(id(new.expect("a new one")), first);
    shop.clock.advance(KEY_LIFETIME);
    forget_keys(&shop.bookings, shop.clock.now()).await;
    let kept = shop.number("SELECT COUNT(*) FROM idempotency_keys").await;
    assert_eq!(kept, 0);
}
