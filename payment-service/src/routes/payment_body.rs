//! A payment on the wire.

use serde::Serialize;
use service_kit::clock::Timestamp;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::failure::Failure;
use crate::domain::money::Currency;
use crate::domain::payment::Payment;
use crate::domain::status::Status;

/// What the payer sees; not the bank's id of the charge, nor the key (API3:2023).
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Payment)]
pub(super) struct PaymentBody {
    id: Uuid,
    booking_id: Uuid,
    #[schema(minimum = 1)]
    amount_cents: i64,
    currency: Currency,
    status: Status,
    #[schema(required)]
    failure_code: Option<Failure>,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<&Payment> for PaymentBody {
    fn from(payment: &Payment) -> Self {
        Self {
            id: payment.id,
            booking_id: payment.booking_id,
            amount_cents: payment.amount.cents,
            currency: payment.amount.currency,
            status: payment.status,
            failure_code: payment.failure,
            created_at: payment.created_at,
            updated_at: payment.updated_at,
        }
    }
}
