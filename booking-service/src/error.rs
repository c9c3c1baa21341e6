//! How a refusal of this service is told to its caller.

use service_kit::error::{ApiError, Code};

use crate::domain::Refusal;
use crate::store::StoreError;

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let code = match refusal {
            Refusal::NotFound => Code::NotFound,
            Refusal::SoldOut => Code::SoldOut,
            Refusal::TooManyHolds => Code::TooManyHolds,
            Refusal::KeyReused => Code::IdempotencyKeyReused,
            Refusal::NotCancellable => Code::BookingNotCancellable,
            Refusal::NotPayable => Code::BookingNotPayable,
            Refusal::AmountMismatch => Code::AmountMismatch,
        };
        Self::new(code).because(refusal)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Refused(refusal) => refusal.into(),
            StoreError::Database(error) => error.into(),
        }
    }
}
