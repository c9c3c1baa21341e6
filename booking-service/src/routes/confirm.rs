//! `POST /internal/bookings/{id}/confirm`: payment has captured the money (L14). Any 409 tells payment to give it back.

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use service_kit::error::{ApiError, Code};
use service_kit::form::Form;
use service_kit::path_id::PathId;
use uuid::Uuid;
use validator::Validate;

use crate::AppState;
use crate::domain::{Payment, Status};

#[derive(Debug, Deserialize, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaymentForm {
    #[validate(required)]
    payment_id: Option<Uuid>,
    #[validate(required)]
    amount_cents: Option<i64>,
    #[validate(required)]
    currency: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmedBody {
    booking_id: Uuid,
    status: &'static str,
}

pub async fn confirm(
    State(state): State<AppState>,
    PathId(id): PathId,
    form: Form<PaymentForm>,
) -> Result<Json<ConfirmedBody>, ApiError> {
    let payment = form
        .finish(Code::InvalidData)?
        .payment()
        .ok_or_else(|| ApiError::internal("a required field was not required"))?;
    let booking = state
        .bookings
        .confirm(id, &payment, state.clock.now())
        .await?;
    Ok(Json(ConfirmedBody {
        booking_id: booking.id,
        // What this payment did, also when its owner has cancelled the booking since: that money goes back by a
        // refund order, not by a refusal here.
        status: Status::Confirmed.as_str(),
    }))
}

impl PaymentForm {
    fn payment(self) -> Option<Payment> {
        Some(Payment {
            id: self.payment_id?,
            amount_cents: self.amount_cents?,
            currency: self.currency?,
        })
    }
}
