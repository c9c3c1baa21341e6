//! Lists.

use escale_engines::{Engine, on_each_engine};
use uuid::Uuid;

use crate::domain::{HOLD, Status};
use crate::testing::{MINUTE, Shop, refused};

#[on_each_engine]
async fn pages_show_ones_own_bookings_newest_first_each_once(engine: Engine) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    let mut expected = Vec::new();
    for turn in 0..5 {
        // Two of one millisecond: the id decides between them.
        expected.push(shop.book(user, 1).await.expect("a hold").id);
        shop.book(Uuid::new_v4(), 1).await.expect("another user's");
        if turn % 2 == 1 {
            shop.clock.advance(MINUTE);
        }
    }
    let (mut seen, mut times, mut behind) = (Vec::new(), Vec::new(), None);
    loop {
        let now = shop.clock.now();
        let page = shop.bookings.list(user, None, behind, 2, now).await;
        let page = refused(page).expect("a page");
        assert!(page.items.len() <= 2);
        seen.extend(page.items.iter().map(|booking| booking.id));
        times.extend(page.items.iter().map(|booking| booking.created_at));
        match page.next {
            Some(next) => behind = Some(next),
            None => break,
        }
    }
    assert!(times.is_sorted_by(|earlier, later| earlier >= later));
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
}

#[on_each_engine]
async fn a_hold_that_is_over_is_listed_as_expired_before_the_job_came_by(engine: Engine) {
    let shop = Shop::open(engine).await;
    let user = Uuid::new_v4();
    shop.book(user, 1).await.expect("a hold");
    shop.confirmed(user).await;
    shop.clock.advance(HOLD);
    for (status, count) in [
        (Status::Pending, 0),
        (Status::Expired, 1),
        (Status::Confirmed, 1),
        (Status::Cancelled, 0),
    ] {
        let now = shop.clock.now();
        let page = shop.bookings.list(user, Some(status), None, 20, now).await;
        let found = refused(page).expect("a page").items;
        assert_eq!(found.len(), count, "{status:?}");
        assert!(found.iter().all(|booking| booking.status == status));
    }
}
