//! The keys `body`, `max_body`, `schema` and `streamed` of a route.
//!
//! As no route is open by default, no body passes unjudged by default: a route that takes one names its schema, or
//! says in words why it has none.

use escale_schemas::Schema;
use http::Method;

use super::fields::Fields;
use crate::route_table::body::{BodyPolicy, Content, Media, is_bodiless};

/// The keys of this file.
const KEYS: [&str; 3] = ["max_body", "schema", "streamed"];

/// Some ten times what the bodies of the course need.
const USUAL_MOST: u64 = 16 * 1024;
/// A judged body is held in memory, and any body must arrive within `HTTP_BODY_SECONDS`.
const HIGHEST_MOST: u64 = 1024 * 1024;
/// A reason is a sentence.
const SHORTEST_REASON: usize = 20;

/// `Some(None)` for a route that takes no body.
pub(super) fn read_body(
    fields: &mut Fields<'_, '_>,
    methods: &[Method],
) -> Option<Option<BodyPolicy>> {
    let named = fields.optional_text("body");
    let most = fields.number_or("max_body", 1..=HIGHEST_MOST, USUAL_MOST);
    let schema = read_schema(fields);
    let reason = fields.optional_text("streamed");
    let takes_one = !methods.iter().all(is_bodiless);
    let media = match named? {
        Some("none") => return no_body(fields),
        None if !takes_one => return no_body(fields),
        None | Some("json") => Media::Json,
        Some("form") => Media::Form,
        Some(other) => {
            fields.fault("body", format!("{other} is not one of json, form, none"));
            return None;
        }
    };
    if !takes_one {
        fields.fault("body", "GET and DELETE take none");
    }
    let content = read_content(fields, media, schema?, reason?)?;
    Some(Some(BodyPolicy {
        media,
        most: most?,
        content,
    }))
}

fn no_body(fields: &mut Fields<'_, '_>) -> Option<Option<BodyPolicy>> {
    let idle: Vec<_> = KEYS.into_iter().filter(|key| fields.has(key)).collect();
    for key in &idle {
        fields.fault(key, "the route takes no body");
    }
    idle.is_empty().then_some(None)
}

fn read_schema(fields: &mut Fields<'_, '_>) -> Option<Option<Schema>> {
    let Some(name) = fields.optional_text("schema")? else {
        return Some(None);
    };
    let schema = Schema::named(name);
    if schema.is_none() {
        let known = Schema::ALL.map(Schema::as_str).join(", ");
        fields.fault("schema", format!("{name} is not one of {known}"));
    }
    schema.map(Some)
}

fn read_content(
    fields: &mut Fields<'_, '_>,
    media: Media,
    schema: Option<Schema>,
    reason: Option<&str>,
) -> Option<Content> {
    match (schema, reason) {
        (Some(_), None) if media == Media::Form => {
            fields.fault("schema", "schemas judge JSON");
            None
        }
        (Some(schema), None) => Some(Content::Judged(schema)),
        (None, Some(reason)) if reason.trim().len() >= SHORTEST_REASON => {
            let because = reason.into();
            Some(Content::Streamed { because })
        }
        (None, Some(_)) => {
            fields.fault("streamed", "says in a sentence why the body is not judged");
            None
        }
        (Some(_), Some(_)) => {
            fields.fault("streamed", "a body with a schema is not streamed");
            None
        }
        (None, None) => {
            let message = "is missing: a body is judged, or `streamed` says why it is not";
            fields.fault("schema", message);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use crate::route_table::body::{BodyPolicy, Content, Media};
    use crate::route_table::{Lookup, RouteTable};
    use escale_schemas::Schema;

    /// What every table must have; two lines.
    const LIMITS: &str = "limits.address = { requests = 1, seconds = 1 }\nlimits.daily = { requests = 1, seconds = 1 }\n";

    /// Line 9 is the first of `extra`.
    fn read(methods: &str, extra: &str) -> Result<RouteTable, String> {
        let text = format!(
            "{LIMITS}[[route]]\nname = \"x\"\nmethods = [{methods}]\npath = \"/x\"\nupstream = \"auth\"\naccess = \"public\"\n{extra}\ndeadline_ms = 5\n"
        );
        RouteTable::read(&text).map_err(|faults| {
            let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
            lines.join("\n")
        })
    }

    #[test]
    fn a_body_is_json_of_16_kib_with_a_schema_unless_told_otherwise() {
        let table = read(r#""PUT", "DELETE""#, "schema = \"tour\"").expect("no fault");
        let Lookup::Found(route) = table.find(&Method::PUT, "/x") else {
            panic!("the route is there");
        };
        let expected = BodyPolicy {
            media: Media::Json,
            most: 16_384,
            content: Content::Judged(Schema::Tour),
        };
        assert_eq!(route.body_of(&Method::PUT), Some(&expected));
        assert_eq!(route.body_of(&Method::DELETE), None);
        let table = read(r#""GET""#, "").expect("no fault");
        assert!(table.routes()[0].body.is_none());
        let table = read(r#""POST""#, "body = \"none\"").expect("no fault");
        assert!(table.routes()[0].body.is_none());
    }

    #[test]
    fn each_fault_of_the_body_keys_is_told_with_its_line() {
        let reason = "streamed = \"because the service judges it by itself\"";
        for (methods, extra, expected) in [
            (r#""POST""#, "", "line 3: `schema`: is missing"),
            (r#""GET", "PATCH""#, "", "line 3: `schema`: is missing"),
            (
                r#""POST""#,
                "schema = \"bookings\"",
                "line 9: `schema`: bookings is not one of apikey, booking, login",
            ),
            (r#""POST""#, "schema = 5", "line 9: `schema` must be a text"),
            (
                r#""POST""#,
                "body = \"xml\"",
                "line 9: `body`: xml is not one of",
            ),
            (
                r#""POST""#,
                "body = \"form\"\nschema = \"login\"",
                "line 10: `schema`: schemas judge JSON",
            ),
            (
                r#""POST""#,
                "streamed = \"\"",
                "line 9: `streamed`: says in a sentence",
            ),
            (
                r#""POST""#,
                &format!("schema = \"login\"\n{reason}"),
                "line 10: `streamed`: a body with a schema",
            ),
            (
                r#""POST""#,
                "body = \"none\"\nschema = \"login\"",
                "line 10: `schema`: the route takes no body",
            ),
            (
                r#""GET""#,
                "max_body = 5",
                "line 9: `max_body`: the route takes no body",
            ),
            (
                r#""GET""#,
                "body = \"json\"\nschema = \"login\"",
                "line 9: `body`: GET and DELETE take none",
            ),
            (
                r#""POST""#,
                "max_body = 0\nschema = \"login\"",
                "line 9: `max_body` must be between 1 and 1048576",
            ),
            (
                r#""POST""#,
                "max_body = \"1\"\nschema = \"login\"",
                "line 9: `max_body` must be between",
            ),
        ] {
            let told = read(methods, extra).expect_err(extra);
            assert!(told.contains(expected), "{expected}\n{told}");
        }
        assert!(read(r#""POST""#, reason).is_ok());
    }
}
