//! What the schemas of request bodies allow is what the code accepts: each bound is tried from both sides.

use escale_schemas::Schema;
use serde_json::{Value, json};
use service_kit::error::Language;
use time::macros::date;

use crate::golden;
use crate::schema::Schemas;

const FORMS: [(&str, Schema); 7] = [
    ("ApiKeyForm", Schema::ApiKey),
    ("BookingForm", Schema::Booking),
    ("LoginForm", Schema::Login),
    ("PaymentForm", Schema::Payment),
    ("RefreshForm", Schema::Refresh),
    ("RegisterForm", Schema::Register),
    ("TourForm", Schema::Tour),
];

/// Whether the code takes it.
fn takes(schema: Schema, body: &Value) -> bool {
    let today = date!(2026 - 11 - 21);
    schema.normalise(body.to_string().as_bytes(), today).is_ok()
}

/// `count` characters that a password, a pseudo, a token and a sentence may have.
fn text(count: usize) -> Value {
    "abcdefgh"
        .chars()
        .cycle()
        .take(count)
        .collect::<String>()
        .into()
}

/// Values at and behind every bound of one field's schema.
fn edges(schema: &Value) -> Vec<Value> {
    let mut edges = vec![
        json!(null),
        json!(true),
        json!(2.5),
        json!({}),
        json!([]),
        json!("\u{0}"),
        json!(""),
        json!("0f9a3c1e-58a5-4b3b-9d52-0f6f3c1f2a10"),
    ];
    for (bound, beyond) in [("minimum", -1), ("maximum", 1)] {
        if let Some(bound) = schema[bound].as_i64() {
            edges.extend([json!(bound), json!(bound + beyond)]);
        }
    }
    for (bound, beyond) in [("minLength", -1), ("maxLength", 1)] {
        if let Some(bound) = schema[bound].as_i64() {
            let lengths = [bound, bound + beyond].into_iter();
            edges.extend(
                lengths
                    .filter_map(|length| length.try_into().ok())
                    .map(text),
            );
        }
    }
    for choice in schema["enum"].as_array().into_iter().flatten() {
        edges.push(choice.clone());
    }
    edges.push(json!("no such choice"));
    edges
}

#[test]
fn what_a_schema_allows_the_code_accepts_and_nothing_else() {
    let document = golden(Language::French);
    let schemas = Schemas::of(&document);
    let mut tried = 0;
    for (name, schema) in FORMS {
        let example = schemas.named(name)["examples"][0].clone();
        assert!(takes(schema, &example), "{name}: the example");
        let mut pointers = Vec::new();
        schemas.leaves(schemas.named(name), "", &mut pointers);
        for pointer in pointers {
            for edge in edges(schemas.at(name, &pointer)) {
                let mut body = example.clone();
                *body.pointer_mut(&pointer).expect("the example is whole") = edge.clone();
                let allowed = schemas.faults(schemas.named(name), &body);
                // What a pattern cannot say: an e-mail address has more grammar than its pattern, and dates have a calendar.
                let beyond = matches!(&*pointer, "/email" | "/bookingDate") && edge.is_string();
                if beyond && takes(schema, &body) != allowed.is_empty() {
                    continue;
                }
                let told = format!("{name}{pointer} = {edge:.60}: {allowed:?}");
                assert_eq!(takes(schema, &body), allowed.is_empty(), "{told}");
                tried += 1;
            }
        }
    }
    assert!(tried > 200, "{tried}");
}

/// Proves: API6:2019, API3:2023, svc-mass-assignment
#[test]
fn a_field_that_no_schema_names_is_refused_at_every_depth() {
    let document = golden(Language::French);
    let schemas = Schemas::of(&document);
    for (name, schema) in FORMS {
        for parent in ["", "/title"] {
            let mut body = schemas.named(name)["examples"][0].clone();
            let Some(inner) = body.pointer_mut(parent) else {
                continue;
            };
            inner["isAdmin"] = true.into();
            assert!(!takes(schema, &body), "{name}{parent}");
            assert!(
                !schemas.faults(schemas.named(name), &body).is_empty(),
                "{name}{parent}"
            );
        }
    }
}

#[test]
fn every_example_is_what_its_schema_says() {
    for language in crate::LANGUAGES {
        let document = golden(language);
        let schemas = Schemas::of(&document);
        let mut shown = 0;
        for (name, schema) in schemas.all() {
            for example in schema["examples"].as_array().into_iter().flatten() {
                assert_eq!(schemas.faults(schema, example), [""; 0], "{name}");
                shown += 1;
            }
        }
        let problem = schemas.named("Problem");
        for (code, example) in document["components"]["examples"]
            .as_object()
            .expect("examples")
        {
            assert_eq!(
                schemas.faults(problem, &example["value"]),
                [""; 0],
                "{code}"
            );
            assert_eq!(example["value"]["code"], **code);
            shown += 1;
        }
        assert!(shown > 50, "{shown}");
    }
}
