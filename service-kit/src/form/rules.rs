//! `validator`'s errors as [`Fault`]s. Its `params["value"]` is the caller's input and is never looked at.

use serde_json::Value;
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

use crate::error::{Fault, Rule};

pub(super) fn faults_of(errors: &ValidationErrors) -> Vec<Fault> {
    let mut faults = Vec::new();
    collect(errors, "", &mut faults);
    faults
}

fn collect(errors: &ValidationErrors, parent: &str, faults: &mut Vec<Fault>) {
    for (field, kind) in errors.errors() {
        let pointer = format!("{parent}/{}", camel_case(field));
        match kind {
            ValidationErrorsKind::Field(list) => {
                faults.extend(list.first().map(|error| Fault::new(&pointer, rule(error))));
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &pointer, faults),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(inner, &format!("{pointer}/{index}"), faults);
                }
            }
        }
    }
}

fn rule(error: &ValidationError) -> Rule {
    let number = |name: &str| error.params.get(name).and_then(Value::as_f64);
    match error.code.as_ref() {
        "required" => Rule::Required,
        "email" => Rule::Email,
        "future" => Rule::Future,
        "weak" => Rule::Weak,
        "range" => Rule::Range {
            min: number("min").map_or(i64::MIN, |min| min as i64),
            max: number("max").map_or(i64::MAX, |max| max as i64),
        },
        "length" => {
            let exact = number("equal");
            let bound = |name| exact.or_else(|| number(name)).map(|bound| bound as u64);
            Rule::Length {
                min: bound("min").unwrap_or(0),
                max: bound("max").unwrap_or(u64::MAX),
            }
        }
        _ => Rule::Format,
    }
}

/// The field's name on the wire.
fn camel_case(field: &str) -> String {
    let mut words = field.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (head, tail) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        name + &head.to_uppercase() + tail
    })
}
