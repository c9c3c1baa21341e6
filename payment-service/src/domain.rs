//! What a payment is and how it goes on. No HTTP and no SQL in here.
//!
//! Reading order: [`status`] (the states), [`step`] (the calls that a payment needs), [`protocol`] (which call and
//! which state follow on which answer).

pub mod backoff;
pub mod failure;
pub mod money;
pub mod offer;
pub mod payment;
pub mod protocol;
pub mod status;
pub mod step;
