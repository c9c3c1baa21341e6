//! `POST /auth/login`. Only what can never be right is refused here; everything else goes the way of a wrong password.

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use service_kit::error::{ApiError, Code, Rule};
use service_kit::form::Form;
use validator::Validate;

use crate::domain::account::EMAIL_MOST;
use crate::domain::password_policy;

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct LoginForm {
    /// A pseudo, or an e-mail address.
    #[validate(required)]
    pseudo: Option<String>,
    // No rule of `validator`, which copies the value that it checks into its errors.
    password: Option<SecretString>,
}

impl LoginForm {
    /// Pseudo or address, and password.
    pub fn accept(mut form: Form<Self>) -> Result<(String, SecretString), ApiError> {
        let Self { pseudo, password } = &form.value;
        let pseudo_fits = pseudo.as_ref().is_none_or(|text| text.len() <= EMAIL_MOST);
        let most = *password_policy::LENGTH.end();
        let password_fits = password
            .as_ref()
            .is_none_or(|text| text.expose_secret().chars().count() <= most);
        form.check(form.value.password.is_some(), "/password", Rule::Required);
        form.check(pseudo_fits, "/pseudo", at_most(EMAIL_MOST));
        form.check(password_fits, "/password", at_most(most));
        let form = form.finish(Code::InvalidData)?;
        let missing = || ApiError::internal("a required field passed as absent");
        Ok((
            form.pseudo.ok_or_else(missing)?,
            form.password.ok_or_else(missing)?,
        ))
    }
}

fn at_most(max: usize) -> Rule {
    Rule::Length {
        min: 1,
        max: max as u64,
    }
}
