//! The books, asked again and again.

use super::*;
use crate::testing::ledger;
use escale_engines::{Engine, on_each_engine};

const NOW: Timestamp = Timestamp(1_000);

fn order(decline_code: Option<DeclineCode>) -> NewCharge {
    NewCharge {
        reference: Uuid::new_v4(),
        amount_cents: 500,
        currency: "EUR".to_owned(),
        decline_code,
    }
}

#[on_each_engine]
async fn the_same_reference_is_the_same_charge(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    let order = order(None);
    let Ordered::New(first) = ledger.order(&order, NOW).await.expect("a charge") else {
        panic!("the reference is new");
    };
    let Ordered::Known(second) = ledger.order(&order, NOW).await.expect("a charge") else {
        panic!("the reference is known");
    };
    assert_eq!(first, second);
    assert_eq!(ledger.charges().await.expect("charges").len(), 1);
}

#[on_each_engine]
async fn money_is_taken_once_and_given_back_once_however_often_it_is_asked(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    let order = order(None);
    ledger.order(&order, NOW).await.expect("a charge");
    let charge = ledger.find_by_reference(order.reference).await;
    let id = charge.expect("the store").expect("a charge").id;
    for _ in 0..3 {
        let charge = ledger.capture(id, NOW).await.expect("the store");
        assert_eq!(charge.expect("a charge").status, ChargeStatus::Captured);
    }
    let taken = ledger.movements(order.reference).await.expect("movements");
    assert_eq!((taken.times_taken, taken.balance_cents), (1, 500));
    for _ in 0..3 {
        let charge = ledger.refund(id, NOW).await.expect("the store");
        assert_eq!(charge.expect("a charge").status, ChargeStatus::Refunded);
    }
    // A capture that comes too late changes nothing.
    let late = ledger.capture(id, NOW).await.expect("the store");
    assert_eq!(late.expect("a charge").status, ChargeStatus::Refunded);
    let after = ledger.movements(order.reference).await.expect("movements");
    assert_eq!(
        after,
        Movements {
            times_taken: 1,
            times_returned: 1,
            balance_cents: 0
        }
    );
}

#[on_each_engine]
async fn what_was_declined_or_only_authorised_moves_no_money(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    for (decline_code, end) in [
        (Some(DeclineCode::CardDeclined), ChargeStatus::Declined),
        (None, ChargeStatus::Refunded),
    ] {
        let order = order(decline_code);
        ledger.order(&order, NOW).await.expect("a charge");
        let charge = ledger.find_by_reference(order.reference).await;
        let id = charge.expect("the store").expect("a charge").id;
        ledger.refund(id, NOW).await.expect("the store");
        let charge = ledger.capture(id, NOW).await.expect("the store");
        assert_eq!(charge.expect("a charge").status, end);
        let movements = ledger.movements(order.reference).await.expect("movements");
        assert_eq!(movements, Movements::default());
    }
}

#[on_each_engine(flavor = "multi_thread")]
async fn a_refund_that_meets_its_capture_leaves_no_money_taken(engine: Engine) {
    let (ledger, _database) = ledger(engine).await;
    for _ in 0..30 {
        let order = order(None);
        ledger.order(&order, NOW).await.expect("a charge");
        let charge = ledger.find_by_reference(order.reference).await;
        let id = charge.expect("the store").expect("a charge").id;
        let capturing = ledger.clone();
        let captured = tokio::spawn(async move { capturing.capture(id, NOW).await });
        let refunded = ledger.refund(id, NOW).await.expect("the store");
        assert_eq!(refunded.expect("a charge").status, ChargeStatus::Refunded);
        captured.await.expect("no panic").expect("the store");
        let movements = ledger.movements(order.reference).await.expect("movements");
        assert_eq!(movements.balance_cents, 0, "{movements:?}");
    }
}
