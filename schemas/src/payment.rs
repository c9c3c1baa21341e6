//! `POST /api/payments`. There is no amount in it: booking says what a booking costs (API3:2023).

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use service_kit::error::{Code, Rule};
use service_kit::form::Form;
use time::Date;
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::{Body, card_token, secret};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PaymentForm {
    #[validate(required)]
    #[schema(required)]
    booking_id: Option<Uuid>,
    /// Checked by hand: `validator` would copy the value into its error.
    #[schema(required, value_type = Option<String>, max_length = 64, pattern = "^[A-Za-z][A-Za-z0-9_-]*$")]
    card_token: Option<SecretString>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentRequest {
    pub booking_id: Uuid,
    #[serde(serialize_with = "secret::expose")]
    pub card_token: SecretString,
}

impl Body for PaymentForm {
    type Meaning = PaymentRequest;

    const REFUSAL: Code = Code::InvalidData;

    fn judge(form: &mut Form<Self>, _: Date) {
        let token = form.value.card_token.as_ref();
        let (present, well_formed) = (
            token.is_some(),
            token.is_none_or(card_token::is_well_formed),
        );
        form.check(present, "/cardToken", Rule::Required);
        form.check(well_formed, "/cardToken", Rule::Format);
    }

    fn meaning(&self) -> Option<PaymentRequest> {
        Some(PaymentRequest {
            booking_id: self.booking_id?,
            card_token: self.card_token.clone()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_token_is_not_printed_by_debug() {
        let body =
            br#"{"bookingId":"0f9a3c1e-58a5-4b3b-9d52-0f6f3c1f2a10","cardToken":"tok_canary"}"#;
        let form = Form::<PaymentForm>::read(body).expect("a form");
        assert!(!format!("{form:?}{:?}", form.value.meaning()).contains("canary"));
    }
}
