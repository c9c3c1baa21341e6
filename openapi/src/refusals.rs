//! Refusals: one response for each set of codes, one example a code, both out of the platform's own table and renderer.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Map, Value, json};
use service_kit::error::render::{PROBLEM_JSON, problem_body};
use service_kit::error::{ApiError, Code, Fault, Language, Rule};

use crate::components::{headers_of_every_answer, reference};

/// What a client of the public API can meet. The rest is between services.
const TOLD: [Code; 54] = [
    Code::MalformedRequest,
    Code::MalformedJson,
    Code::AmbiguousPath,
    Code::AmbiguousHeader,
    Code::IdempotencyKeyMissing,
    Code::IdempotencyKeyInvalid,
    Code::InvalidData,
    Code::InvalidBooking,
    Code::InvalidQuery,
    Code::InvalidCursor,
    Code::AuthorizationMissing,
    Code::TokenMissing,
    Code::TokenExpired,
    Code::TokenInvalid,
    Code::CredentialsInvalid,
    Code::RefreshTokenInvalid,
    Code::ApiKeyInvalid,
    Code::CardDeclined,
    Code::InsufficientFunds,
    Code::CardTokenUnknown,
    Code::InsufficientScope,
    Code::RoleRequired,
    Code::NotFound,
    Code::RouteNotFound,
    Code::MethodNotAllowed,
    Code::NotAcceptable,
    Code::RequestTimeout,
    Code::PseudoTaken,
    Code::EmailTaken,
    Code::SoldOut,
    Code::TooManyHolds,
    Code::TooManyApiKeys,
    Code::TourWithdrawn,
    Code::BookingNotPayable,
    Code::BookingNotCancellable,
    Code::AlreadyPaid,
    Code::AmountMismatch,
    Code::IdempotencyKeyReused,
    Code::PreconditionFailed,
    Code::PreconditionRequired,
    Code::BodyTooLarge,
    Code::UriTooLong,
    Code::UnsupportedMediaType,
    Code::HeadersTooLarge,
    Code::TooManyRequests,
    Code::EndpointLimitReached,
    Code::DailyQuotaExceeded,
    Code::Jailed,
    Code::Internal,
    Code::BadGateway,
    Code::ServiceUnavailable,
    Code::AuditUnavailable,
    Code::UpstreamTimeout,
    Code::Overloaded,
];

pub fn known(name: &str) -> Option<Code> {
    TOLD.into_iter().find(|code| code.as_str() == name)
}

/// Collects the responses and the examples that operations refer to.
pub struct Refusals {
    language: Language,
    responses: BTreeMap<String, Value>,
    examples: BTreeMap<&'static str, Value>,
}

impl Refusals {
    pub fn new(language: Language) -> Self {
        Self {
            language,
            responses: BTreeMap::new(),
            examples: BTreeMap::new(),
        }
    }

    pub fn responses(&self) -> Value {
        json!(self.responses)
    }

    pub fn examples(&self) -> Value {
        json!(self.examples)
    }

    /// What stands under a status: a reference, or all of it where a service has another body `beside` the common one.
    pub fn response(
        &mut self,
        status: StatusCode,
        mut codes: Vec<Code>,
        beside: Option<Value>,
    ) -> Value {
        codes.sort_by_key(|code| TOLD.iter().position(|told| told == code));
        codes.dedup();
        let response = self.worded(status, &codes);
        if let Some(mut whole) = beside {
            let lines = [&whole["description"], &response["description"]].map(Value::as_str);
            whole["description"] = lines.map(Option::unwrap_or_default).join("\n").into();
            for part in ["content", "headers"] {
                for (name, value) in response[part].as_object().into_iter().flatten() {
                    whole[part][name] = value.clone();
                }
            }
            return whole;
        }
        let names: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
        let name = format!("{}-{}", status.as_str(), names.join("."));
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        self.responses.insert(name, response);
        reference
    }

    fn worded(&mut self, status: StatusCode, codes: &[Code]) -> Value {
        let colon = self.language.pick(" :", ":");
        let text = |code: &Code| code.message(self.language);
        let line = |code: &Code| format!("- `{}`{colon} {}", code.as_str(), text(code));
        let lines: Vec<_> = codes.iter().map(line).collect();
        let names: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
        let mut examples = Map::new();
        for code in codes {
            self.examples
                .insert(code.as_str(), example(*code, self.language));
            let path = format!("#/components/examples/{}", code.as_str());
            examples.insert(code.as_str().to_owned(), json!({ "$ref": path }));
        }
        let schema = json!({
            "allOf": [
                { "$ref": "#/components/schemas/Problem" },
                { "properties": {
                    "status": { "const": status.as_u16() },
                    "code": { "enum": names },
                } },
            ],
        });
        let mut headers = headers_of_every_answer();
        headers.extend(header_of(status).map(reference));
        json!({
            "description": lines.join("\n"),
            "headers": headers,
            "content": { PROBLEM_JSON: { "schema": schema, "examples": examples } },
        })
    }
}

/// What tells a client how to go on.
fn header_of(status: StatusCode) -> Option<&'static str> {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Some("WWW-Authenticate"),
        StatusCode::METHOD_NOT_ALLOWED => Some("Allow"),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => Some("Retry-After"),
        _ => None,
    }
}

/// As the platform would write it. There is no request behind it, so no id of one.
fn example(code: Code, language: Language) -> Value {
    let mut error = ApiError::new(code);
    match code {
        Code::InvalidBooking => {
            error.faults = vec![
                Fault::new("/bookingDate", Rule::Future),
                Fault::new("/numberOfParticipants", Rule::Range { min: 1, max: 20 }),
            ]
        }
        Code::InvalidData => error.faults = vec![Fault::new("/pseudo", Rule::Required)],
        Code::InvalidQuery => {
            error.faults = vec![Fault::new("limit", Rule::Range { min: 1, max: 100 })];
        }
        Code::InvalidCursor => error.faults = vec![Fault::new("cursor", Rule::Format)],
        Code::TooManyRequests => error = error.violating("address").retry_after(1),
        Code::EndpointLimitReached => error = error.violating("search").retry_after(6),
        Code::DailyQuotaExceeded => error = error.violating("daily").retry_after(3_600),
        Code::Jailed => error = error.retry_after(60),
        _ => {}
    }
    let body = problem_body(&error, language, "/api/tours", None);
    let value: Value = serde_json::from_slice(&body).expect("the renderer writes JSON");
    json!({ "summary": code.message(language), "value": value })
}
