//! `POST /auth/login`. Only what can never be right is refused here; everything else goes the way of a wrong password.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use service_kit::error::{Code, Rule};
use service_kit::form::Form;
use time::Date;
use utoipa::ToSchema;
use validator::Validate;

use crate::account_rules::EMAIL_MOST;
use crate::{Body, password_policy, secret};

/// No `Debug`: `pseudo` may be an e-mail address.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginForm {
    /// A pseudo, or an e-mail address.
    #[validate(required)]
    #[schema(required, max_length = 254, pattern = r"^[^\u0000]*$")]
    pseudo: Option<String>,
    // No rule of `validator`, which copies the value that it checks into its errors.
    #[schema(required, value_type = Option<String>, format = Password, max_length = 128, pattern = r"^[^\u0000]*$")]
    password: Option<SecretString>,
}

#[derive(Serialize)]
pub struct Login {
    pub pseudo: String,
    #[serde(serialize_with = "secret::expose")]
    pub password: SecretString,
}

impl Body for LoginForm {
    type Meaning = Login;

    const REFUSAL: Code = Code::InvalidData;

    fn judge(form: &mut Form<Self>, _: Date) {
        let Self { pseudo, password } = &form.value;
        let pseudo_fits = pseudo
            .as_ref()
            .is_none_or(|text| text.chars().count() <= EMAIL_MOST);
        let most = *password_policy::LENGTH.end();
        let characters = |text: &SecretString| text.expose_secret().chars().count();
        let password_fits = password
            .as_ref()
            .is_none_or(|text| characters(text) <= most);
        form.check(form.value.password.is_some(), "/password", Rule::Required);
        form.check(pseudo_fits, "/pseudo", at_most(EMAIL_MOST));
        form.check(password_fits, "/password", at_most(most));
    }

    fn meaning(&self) -> Option<Login> {
        Some(Login {
            pseudo: self.pseudo.clone()?,
            password: self.password.clone()?,
        })
    }
}

fn at_most(max: usize) -> Rule {
    Rule::Length {
        min: 1,
        max: max as u64,
    }
}
