//! `POST /auth/api-keys`: what a key is called, what it opens, and for how many days (R7). There is no owner in it: the
//! token says whose key it is (API3:2023).

use serde::{Deserialize, Serialize};
use service_kit::error::{Code, Rule};
use service_kit::form::Form;
use time::Date;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Array, ArrayBuilder, ObjectBuilder, Type};
use validator::Validate;

use crate::Body;
use crate::text::{is_a_line, trimmed};

/// What a key may open at all: public resources, to read (T1). Whatever is somebody's own wants a token of that person.
pub const KEY_SCOPES: [&str; 1] = ["tours:read"];

/// A key that nobody renews must end some day: a forgotten one is the one that leaks.
pub const MOST_DAYS: i64 = 365;
pub const USUAL_DAYS: i64 = 90;

/// In characters.
pub const LONGEST_NAME: u64 = 100;

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiKeyForm {
    #[serde(default, deserialize_with = "trimmed")]
    #[validate(required, length(min = 1, max = "LONGEST_NAME"))]
    #[schema(
        required,
        min_length = 1,
        max_length = 100,
        pattern = r"^[^\u0000-\u001f\u007f-\u009f]*$"
    )]
    name: Option<String>,
    #[validate(required)]
    #[schema(required, schema_with = scopes)]
    scopes: Option<Vec<String>>,
    #[validate(range(min = 1, max = MOST_DAYS))]
    #[schema(minimum = 1, maximum = 365)]
    expires_in_days: Option<i64>,
}

/// As the description of the API has it.
fn scopes() -> Array {
    let scope = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(KEY_SCOPES));
    ArrayBuilder::new().items(scope).min_items(Some(1)).build()
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ApiKeyRequest {
    pub name: String,
    /// Each once, at least one.
    pub scopes: Vec<String>,
    pub expires_in_days: i64,
}

impl Body for ApiKeyForm {
    type Meaning = ApiKeyRequest;

    const REFUSAL: Code = Code::InvalidData;

    fn judge(form: &mut Form<Self>, _: Date) {
        let name = form.value.name.as_deref();
        let is_named = name.is_none_or(|name| name.is_empty() || is_a_line(name));
        form.check(is_named, "/name", Rule::Format);
        let scopes = form.value.scopes.as_deref();
        let are_some = scopes.is_none_or(|scopes| !scopes.is_empty());
        let may_be = |scope: &String| KEY_SCOPES.contains(&scope.as_str());
        let are_known = scopes.is_none_or(|scopes| scopes.iter().all(may_be));
        form.check(are_some, "/scopes", Rule::Required);
        form.check(are_known, "/scopes", Rule::OneOf(&KEY_SCOPES));
    }

    fn meaning(&self) -> Option<ApiKeyRequest> {
        let mut scopes = self.scopes.clone()?;
        scopes.sort();
        scopes.dedup();
        Some(ApiKeyRequest {
            name: self.name.clone()?,
            scopes,
            expires_in_days: self.expires_in_days.unwrap_or(USUAL_DAYS),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use time::macros::date;

    use crate::Schema;

    /// The normalised body, or each fault as `pointer code`.
    fn normalise(body: &Value) -> Result<Value, Vec<String>> {
        let body = Schema::ApiKey.normalise(body.to_string().as_bytes(), date!(2027 - 06 - 30));
        let told =
            |fault: &service_kit::error::Fault| format!("{} {}", fault.pointer, fault.rule.code());
        body.map(|bytes| serde_json::from_slice(&bytes).expect("JSON"))
            .map_err(|error| error.faults.iter().map(told).collect())
    }

    #[test]
    fn what_is_not_said_is_ninety_days_and_a_scope_counts_once() {
        let body = json!({"name": " Office de tourisme ", "scopes": ["tours:read", "tours:read"]});
        let expected =
            json!({"name": "Office de tourisme", "scopes": ["tours:read"], "expiresInDays": 90});
        assert_eq!(normalise(&body), Ok(expected));
    }

    #[test]
    fn all_faults_are_told_at_once_and_an_owner_is_one_of_them() {
        let body = json!({"name": "", "scopes": ["tours:read", "payments:write"], "expiresInDays": 366, "owner": "x"});
        let expected = [
            "/expiresInDays range",
            "/name length",
            "/owner unknown_field",
            "/scopes choice",
        ];
        assert_eq!(normalise(&body), Err(expected.map(str::to_owned).to_vec()));
        assert_eq!(
            normalise(&json!({})),
            Err(vec!["/name required".into(), "/scopes required".into()])
        );
    }

    #[test]
    fn a_key_opens_nothing_private_and_never_lives_for_ever() {
        for (field, value, fault) in [
            ("scopes", json!([]), "/scopes required"),
            ("scopes", json!(["tours:write"]), "/scopes choice"),
            ("scopes", json!(["tours:readonly"]), "/scopes choice"),
            ("scopes", json!("tours:read"), "/scopes type"),
            ("scopes", json!([7]), "/scopes/0 type"),
            ("expiresInDays", json!(0), "/expiresInDays range"),
            ("expiresInDays", json!(-1), "/expiresInDays range"),
            ("expiresInDays", json!(1.5), "/expiresInDays type"),
            ("name", json!("a\u{7}b"), "/name format"),
            ("name", json!("..."), "/name format"),
            ("name", json!("x".repeat(101)), "/name length"),
        ] {
            let mut body = json!({"name": "n", "scopes": ["tours:read"], "expiresInDays": 365});
            assert!(normalise(&body).is_ok());
            body[field] = value;
            let faults = normalise(&body).expect_err("a fault");
            assert!(faults.contains(&fault.to_owned()), "{body}: {faults:?}");
        }
    }
}
