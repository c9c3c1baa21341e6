//! `POST /auth/register`. There is no `role` here: who registers is a user, whatever the body says (API3:2023).

use secrecy::SecretString;
use serde::Deserialize;
use service_kit::error::{ApiError, Code, Rule};
use service_kit::form::Form;
use validator::Validate;

use super::broken_rules;
use crate::accounts::NewAccount;
use crate::domain::role::Role;

#[derive(Debug, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct RegisterForm {
    #[validate(required)]
    pseudo: Option<String>,
    #[validate(required)]
    email: Option<String>,
    // No rule of `validator`, which copies the value that it checks into its errors.
    password: Option<SecretString>,
}

impl RegisterForm {
    pub fn accept(mut form: Form<Self>) -> Result<NewAccount, ApiError> {
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
        let form = form.finish(Code::InvalidData)?;
        let missing = || ApiError::internal("a required field passed as absent");
        Ok(NewAccount {
            pseudo: form.pseudo.ok_or_else(missing)?,
            email: form.email.ok_or_else(missing)?,
            password: form.password.ok_or_else(missing)?,
            role: Role::User,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_faults_are_told_at_once_and_a_role_is_one_of_them() {
        let body = br#"{"pseudo":"a b","email":"nobody","password":"short","role":"admin"}"#;
        let error = Form::read(body)
            .and_then(RegisterForm::accept)
            .expect_err("a bad form");
        let faults: Vec<_> = error
            .faults
            .iter()
            .map(|fault| (fault.pointer.as_str(), fault.rule.code()))
            .collect();
        let expected = [
            ("/email", "format"),
            ("/password", "length"),
            ("/pseudo", "format"),
            ("/role", "unknown_field"),
        ];
        assert_eq!(faults, expected);
    }

    #[test]
    fn an_empty_form_misses_three_fields_and_a_weak_password_is_told() {
        let error = Form::read(b"{}")
            .and_then(RegisterForm::accept)
            .expect_err("empty");
        assert_eq!(error.faults.len(), 3);
        let body = br#"{"pseudo":"alice","email":"a@b.org","password":"i-am-Alice-2027"}"#;
        let error = Form::read(body)
            .and_then(RegisterForm::accept)
            .expect_err("weak");
        assert_eq!(error.faults[0].rule.code(), "weak");
    }
}
