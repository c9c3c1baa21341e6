//! What the service does without being asked. Each job is a plain function of the time, which tests move by hand.

mod expire_holds;
mod forget_keys;
mod send_refund_orders;

use std::sync::Arc;
use std::time::Duration;

use service_kit::lifecycle::Lifecycle;

use crate::peers::Refunds;
use crate::store::Bookings;

pub use expire_holds::expire_holds;
pub use forget_keys::forget_keys;
pub use send_refund_orders::send_refund_order;

const EXPIRE_EVERY: Duration = Duration::from_secs(5);
const REFUND_EVERY: Duration = Duration::from_secs(2);
const FORGET_EVERY: Duration = Duration::from_secs(10 * 60);

/// Starts all jobs; they end with `life`.
pub fn start(bookings: &Bookings, refunds: Arc<dyn Refunds>, life: &Lifecycle) {
    let (store, clock) = (bookings.clone(), life.clock.clone());
    life.every(EXPIRE_EVERY, move || {
        let (store, now) = (store.clone(), clock.now());
        async move { expire_holds(&store, now).await }
    });

    let (store, running) = (bookings.clone(), life.clone());
    life.every(REFUND_EVERY, move || {
        let (store, refunds, running) = (store.clone(), Arc::clone(&refunds), running.clone());
        async move {
            // One by one, so that a stop waits for one call at the most.
            while !running.is_stopping()
                && send_refund_order(&store, refunds.as_ref(), running.clock.now()).await
            {
            }
        }
    });

    let (store, clock) = (bookings.clone(), life.clock.clone());
    life.every(FORGET_EVERY, move || {
        let (store, now) = (store.clone(), clock.now());
        async move { forget_keys(&store, now).await }
    });
}
