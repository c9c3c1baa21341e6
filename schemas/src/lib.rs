//! What clients may send, body by body (L10, R14, API3:2023). Each rule stands here once and is used twice: by the
//! gateway's `validate` layer, so that nothing invalid reaches a service, and by the service itself, because the
//! gateway is not its only defence.
//!
//! One file a body. A body has a form, in which every field may be absent or wrong so that all faults are told at once
//! ([`service_kit::form`]), and a meaning, in which nothing is; the meaning, written as JSON again, is the normalised
//! body that a service reads. [`Schema`] finds a body by the name that the gateway's route table uses.

pub mod account_rules;
pub mod api_key;
pub mod booking;
mod card_token;
pub mod login;
pub mod password_policy;
pub mod payment;
pub mod refresh;
pub mod register;
mod registry;
mod secret;
mod text;
pub mod tour;

use serde::Serialize;
use serde::de::DeserializeOwned;
use service_kit::error::{ApiError, Code};
use service_kit::form::Form;
use time::Date;
use validator::Validate;

pub use registry::Schema;

/// The form of one body.
pub trait Body: DeserializeOwned + Validate {
    /// What a faultless form says. Its JSON is the normalised body.
    type Meaning: Serialize;

    /// The code under which the faults are told.
    const REFUSAL: Code;

    /// The rules that neither serde nor `validator` can state. `today` is the day in UTC.
    fn judge(form: &mut Form<Self>, today: Date);

    /// `None` while a required field is absent.
    fn meaning(&self) -> Option<Self::Meaning>;
}

/// What the form says, if nothing at all is wrong with it.
///
/// # Errors
/// All faults at once, under the body's own code.
pub fn accept<B: Body>(mut form: Form<B>, today: Date) -> Result<B::Meaning, ApiError> {
    B::judge(&mut form, today);
    let form = form.finish(B::REFUSAL)?;
    form.meaning()
        .ok_or_else(|| ApiError::internal("a faultless form lacks a required field"))
}
