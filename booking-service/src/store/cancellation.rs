//! A booking's owner cancels it; where money was paid, the order to give it back is written with it.

use service_kit::clock::Timestamp;
use uuid::Uuid;

use crate::domain::{Booking, Change, Refusal};

use super::change::{apply, take_up};
use super::refund_orders;
use super::{Bookings, StoreError};

impl Bookings {
    /// Cancels; a cancelled booking is given back as it is.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for another user's too, [`Refusal::NotCancellable`].
    pub async fn cancel(
        &self,
        id: Uuid,
        user_id: Uuid,
        now: Timestamp,
    ) -> Result<Booking, StoreError> {
        // Asked before anything is locked: a stranger's guesses must not hold up a day's sales.
        self.find(id, user_id).await?;
        let mut write = self.store.write().await?;
        let mut booking = take_up(&mut write, id).await?;
        if booking.user_id != user_id {
            return Err(Refusal::NotFound.into());
        }
        let Some(change) = booking.cancellation(now)? else {
            return Ok(booking);
        };
        apply(&mut write, &mut booking, change, now).await?;
        if change == Change::Refund {
            refund_orders::order(&mut write, &booking, now).await?;
        }
        write.commit().await?;
        Ok(booking)
    }
}
