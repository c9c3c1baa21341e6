//! Sends the outbox's refund orders to payment until it has taken them.

use service_kit::clock::Timestamp;

use crate::peers::Refunds;
use crate::store::Bookings;

/// Sends the order whose turn it is; whether there was one. What payment does not take is sent again after a pause
/// that grows, for as long as it takes: it is a user's money.
pub async fn send_refund_order(bookings: &Bookings, refunds: &dyn Refunds, now: Timestamp) -> bool {
    let order = match bookings.claim_refund_order(now).await {
        Ok(Some(order)) => order,
        Ok(None) => return false,
        Err(error) => {
            tracing::error!(%error, "the outbox of refund orders cannot be read");
            return false;
        }
    };
    let (booking_id, payment_id) = (order.booking_id, order.payment_id);
    if let Err(error) = refunds.order(&order).await {
        let attempt = order.attempts + 1;
        tracing::warn!(%booking_id, %payment_id, attempt, %error, "payment has not taken a refund order");
        return true;
    }
    match bookings.refund_order_sent(&order, now).await {
        Ok(()) => tracing::info!(%booking_id, %payment_id, "refund ordered"),
        // It will be sent once more, which changes nothing at payment.
        Err(error) => {
            tracing::error!(%booking_id, %error, "a sent refund order could not be marked")
        }
    }
    true
}
