//! Every reason for which a well-formed request is turned down.

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No such booking, or another user's: the two must look the same (API1:2023).
    #[error("no such booking for this caller")]
    NotFound,
    #[error("not enough seats")]
    SoldOut,
    #[error("too many open holds")]
    TooManyHolds,
    #[error("the key was used for another request")]
    KeyReused,
    #[error("the booking is past its cancellation")]
    NotCancellable,
    #[error("the booking does not wait for a payment")]
    NotPayable,
    #[error("the payment is not over the booking's amount")]
    AmountMismatch,
}
