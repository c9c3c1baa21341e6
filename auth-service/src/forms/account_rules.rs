//! The rules of a new account, wherever it comes from: the register form or the seed file.

use secrecy::{ExposeSecret, SecretString};
use service_kit::error::Rule;
use validator::ValidateEmail;

use crate::domain::account::{EMAIL_MOST, PSEUDO_LENGTH, is_pseudo};
use crate::domain::password_policy;

/// Every rule that a field breaks, with the field's pointer, the most telling first. Absent fields break none here.
pub fn broken_rules(
    pseudo: Option<&str>,
    email: Option<&str>,
    password: Option<&SecretString>,
) -> Vec<(&'static str, Rule)> {
    let mut broken = Vec::new();
    if let Some(text) = pseudo {
        if !PSEUDO_LENGTH.contains(&text.chars().count()) {
            broken.push(("/pseudo", length(&PSEUDO_LENGTH)));
        } else if !is_pseudo(text) {
            broken.push(("/pseudo", Rule::Format));
        }
    }
    if email.is_some_and(|text| text.len() > EMAIL_MOST || !text.validate_email()) {
        broken.push(("/email", Rule::Email));
    }
    if let Some(password) = password.map(ExposeSecret::expose_secret) {
        if !password_policy::has_accepted_length(password) {
            broken.push(("/password", length(&password_policy::LENGTH)));
        } else if password_policy::is_weak(password, pseudo) {
            broken.push(("/password", Rule::Weak));
        }
    }
    broken
}

fn length(range: &std::ops::RangeInclusive<usize>) -> Rule {
    Rule::Length {
        min: *range.start() as u64,
        max: *range.end() as u64,
    }
}
