//! A captured payment confirms its booking.

use service_kit::clock::Timestamp;
use service_kit::store::is_unique_violation;
use uuid::Uuid;

use crate::domain::{Booking, Payment, Refusal};

use super::change::{apply, take_up};
use super::{Bookings, StoreError};

impl Bookings {
    /// Confirms a booking, once for a payment however often it is asked.
    ///
    /// # Errors
    /// [`Refusal::NotFound`], [`Refusal::NotPayable`], [`Refusal::AmountMismatch`].
    pub async fn confirm(
        &self,
        id: Uuid,
        payment: &Payment,
        now: Timestamp,
    ) -> Result<Booking, StoreError> {
        let mut write = self.store.write().await?;
        let mut booking = take_up(&mut write, id).await?;
        let Some(change) = booking.confirmation(payment, now)? else {
            return Ok(booking);
        };
        booking.payment_id = Some(payment.id);
        match apply(&mut write, &mut booking, change, now).await {
            // One payment pays one booking: this one has paid another.
            Err(error) if is_unique_violation(&error) => return Err(Refusal::NotPayable.into()),
            applied => applied?,
        }
        write.commit().await?;
        Ok(booking)
    }
}
