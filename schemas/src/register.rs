//! `POST /auth/register`. There is no `role` here: who registers is a user, whatever the body says (API3:2023).

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use service_kit::error::{Code, Rule};
use service_kit::form::Form;
use time::Date;
use utoipa::ToSchema;
use validator::Validate;

use crate::account_rules::broken_rules;
use crate::{Body, secret};

/// No `Debug`: it holds an e-mail address.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterForm {
    #[validate(required)]
    #[schema(
        required,
        min_length = 3,
        max_length = 30,
        pattern = "^[A-Za-z0-9_.-]*$"
    )]
    pseudo: Option<String>,
    #[validate(required)]
    #[schema(
        required,
        format = "email",
        max_length = 254,
        pattern = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[^@]+$"
    )]
    email: Option<String>,
    // No rule of `validator`, which copies the value that it checks into its errors.
    #[schema(required, value_type = Option<String>, format = Password, min_length = 12, max_length = 128, pattern = r"^[^\u0000]*$")]
    password: Option<SecretString>,
}

#[derive(Serialize)]
pub struct Registration {
    pub pseudo: String,
    pub email: String,
    #[serde(serialize_with = "secret::expose")]
    pub password: SecretString,
}

impl Body for RegisterForm {
    type Meaning = Registration;

    const REFUSAL: Code = Code::InvalidData;

    fn judge(form: &mut Form<Self>, _: Date) {
        let Self {
            pseudo,
            email,
            password,
        } = &form.value;
        let broken = broken_rules(pseudo.as_deref(), email.as_deref(), password.as_ref());
        form.check(form.value.password.is_some(), "/password", Rule::Required);
        for (pointer, rule) in broken {
            form.check(false, pointer, rule);
        }
    }

    fn meaning(&self) -> Option<Registration> {
        Some(Registration {
            pseudo: self.pseudo.clone()?,
            email: self.email.clone()?,
            password: self.password.clone()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use crate::Schema;

    /// Each fault as `pointer code`.
    fn faults(body: &str) -> Vec<String> {
        let normalised = Schema::Register.normalise(body.as_bytes(), date!(2027 - 06 - 30));
        let faults = normalised.expect_err("a bad form").faults;
        let told = faults.iter();
        told.map(|fault| format!("{} {}", fault.pointer, fault.rule.code()))
            .collect()
    }

    #[test]
    fn all_faults_are_told_at_once_and_a_role_is_one_of_them() {
        let body = r#"{"pseudo":"a b","email":"nobody","password":"short","role":"admin"}"#;
        let expected = [
            "/email format",
            "/password length",
            "/pseudo format",
            "/role unknown_field",
        ];
        assert_eq!(faults(body), expected);
    }

    #[test]
    fn an_empty_form_misses_three_fields_and_a_weak_password_is_told() {
        assert_eq!(faults("{}").len(), 3);
        let body = r#"{"pseudo":"alice","email":"a@b.org","password":"i-am-Alice-2027"}"#;
        assert_eq!(faults(body), ["/password weak"]);
    }

    #[test]
    fn a_password_is_handed_on_letter_by_letter() {
        let body = r#"{"pseudo":"bob","email":"b@c.org","password":" \"\\\u00e9 correct horse "}"#;
        let bytes = Schema::Register.normalise(body.as_bytes(), date!(2027 - 06 - 30));
        let value: serde_json::Value =
            serde_json::from_slice(&bytes.expect("a good form")).expect("JSON");
        assert_eq!(value["password"], " \"\\é correct horse ");
    }
}
