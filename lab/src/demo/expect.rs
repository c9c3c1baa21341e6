//! Whether an answer is the expected one, and if not, in which way.

use std::fmt::Display;

use serde_json::Value;

use crate::console::Console;
use crate::gateway_client::Answer;
use crate::texts::demo as texts;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unexpected {
    Status {
        status: u16,
        expected: String,
    },
    Missing(String),
    Value {
        field: String,
        value: String,
        expected: String,
    },
}

pub(super) fn status(answer: &Answer, expected: &[u16]) -> Result<(), Unexpected> {
    if expected.contains(&answer.status) {
        return Ok(());
    }
    let expected: Vec<_> = expected.iter().map(u16::to_string).collect();
    Err(Unexpected::Status {
        status: answer.status,
        expected: expected.join(", "),
    })
}

pub(super) fn text(body: &Value, pointer: &str) -> Result<String, Unexpected> {
    let text = body.pointer(pointer).and_then(Value::as_str);
    text.map(str::to_owned)
        .ok_or_else(|| Unexpected::Missing(pointer.to_owned()))
}

pub(super) fn value(body: &Value, pointer: &str, expected: &str) -> Result<(), Unexpected> {
    let value = text(body, pointer)?;
    if value == expected {
        return Ok(());
    }
    Err(Unexpected::Value {
        field: pointer.to_owned(),
        value,
        expected: expected.to_owned(),
    })
}

impl Unexpected {
    pub(super) fn describe(&self, console: &Console) -> String {
        match self {
            Self::Status { status, expected } => {
                let values: [(&str, &dyn Display); 2] =
                    [("status", status), ("expected", expected)];
                console.text(&texts::WHY_STATUS, &values)
            }
            Self::Missing(field) => console.text(&texts::WHY_FIELD, &[("field", field)]),
            Self::Value {
                field,
                value,
                expected,
            } => {
                let values: [(&str, &dyn Display); 3] =
                    [("field", field), ("value", value), ("expected", expected)];
                console.text(&texts::WHY_VALUE, &values)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_named() {
        let answer = Answer {
            status: 409,
            body: json!({"status": "expired"}),
        };
        let wrong = Unexpected::Status {
            status: 409,
            expected: "201, 202".to_owned(),
        };
        assert_eq!(status(&answer, &[201, 202]), Err(wrong));
        assert_eq!(
            text(&answer.body, "/items/0/id"),
            Err(Unexpected::Missing("/items/0/id".to_owned()))
        );
        assert!(value(&answer.body, "/status", "confirmed").is_err());
        assert!(value(&answer.body, "/status", "expired").is_ok());
    }
}
