//! `POST /auth/refresh` and `POST /auth/logout`: one refresh token, under the name of RFC 6749 section 6. Whether it
//! is one that was issued is for the authorisation server to say, in one way for all that it does not know.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use service_kit::error::{Code, Rule};
use service_kit::form::Form;
use time::Date;
use utoipa::ToSchema;
use validator::Validate;

use crate::{Body, secret};

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshForm {
    #[schema(required, value_type = Option<String>, pattern = r"^[^\u0000]*$")]
    refresh_token: Option<SecretString>,
}

#[derive(Debug, Serialize)]
pub struct Refresh {
    #[serde(serialize_with = "secret::expose")]
    pub refresh_token: SecretString,
}

impl Body for RefreshForm {
    type Meaning = Refresh;

    const REFUSAL: Code = Code::InvalidData;

    fn judge(form: &mut Form<Self>, _: Date) {
        // Checked by hand: the rules of the form would name the field `refreshToken`.
        let present = form.value.refresh_token.is_some();
        form.check(present, "/refresh_token", Rule::Required);
    }

    fn meaning(&self) -> Option<Refresh> {
        Some(Refresh {
            refresh_token: self.refresh_token.clone()?,
        })
    }
}
