//! The bounds of L10, each from both sides.

use serde_json::{Value, json};
use service_kit::error::{ApiError, Language};
use time::macros::date;

use super::*;
use crate::Schema;

const TOUR: &str = "0f9a3c1e-58a5-4b3b-9d52-0f6f3c1f2a10";

fn good() -> Value {
    json!({"tourId": TOUR, "numberOfParticipants": 2, "bookingDate": "2027-07-01"})
}

fn normalised(body: &str) -> Result<String, ApiError> {
    let bytes = Schema::Booking.normalise(body.as_bytes(), date!(2027 - 06 - 30))?;
    Ok(String::from_utf8(bytes).expect("JSON is UTF-8"))
}

/// `accepted`, or each fault as `pointer code`.
fn verdict(body: &str) -> String {
    match normalised(body) {
        Ok(_) => "accepted".to_owned(),
        Err(error) if error.faults.is_empty() => error.code.as_str().to_owned(),
        Err(error) => {
            assert_eq!(error.code, Code::InvalidBooking);
            let told = error.faults.iter();
            let told = told.map(|fault| format!("{} {}", fault.pointer, fault.rule.code()));
            told.collect::<Vec<_>>().join(", ")
        }
    }
}

#[track_caller]
fn assert_field(field: &str, values: &[(&str, &str)]) {
    for (value, expected) in values {
        let mut body = good();
        body[field] = json!("HERE");
        let body = body.to_string().replace("\"HERE\"", value);
        let expected = match *expected {
            "accepted" | "malformed_json" => (*expected).to_owned(),
            code => format!("/{field} {code}"),
        };
        assert_eq!(verdict(&body), expected, "{field}: {value:.60}");
    }
}

#[test]
fn participants_are_an_integer_from_1_to_20() {
    assert_field(
        "numberOfParticipants",
        &[
            ("0", "range"),
            ("1", "accepted"),
            ("20", "accepted"),
            ("21", "range"),
            ("-1", "range"),
            ("9223372036854775807", "range"),
            ("9223372036854775808", "type"),
            ("\"2\"", "type"),
            ("2.0", "type"),
            ("2.5", "type"),
            ("1e1", "type"),
            ("1e400", "malformed_json"),
            ("02", "malformed_json"),
            ("+2", "malformed_json"),
            ("NaN", "malformed_json"),
            ("null", "required"),
            ("true", "type"),
            ("[2]", "type"),
            ("{}", "type"),
        ],
    );
}

#[test]
fn the_date_is_an_iso_date_after_today() {
    assert_field(
        "bookingDate",
        &[
            ("\"2020-01-01\"", "future"),
            ("\"2027-06-29\"", "future"),
            ("\"2027-06-30\"", "future"),
            ("\"2027-07-01\"", "accepted"),
            ("\"2028-02-29\"", "accepted"),
            ("\"2029-02-29\"", "format"),
            ("\"2027-7-1\"", "format"),
            ("\"2027-07-01T10:00:00Z\"", "format"),
            ("\"01/07/2027\"", "format"),
            ("\" 2027-07-01\"", "format"),
            ("\"\"", "format"),
            ("1814356800", "type"),
            ("null", "required"),
        ],
    );
}

#[test]
fn the_tour_is_a_uuid() {
    let quoted = |text: &str| format!("\"{text}\"");
    assert_field(
        "tourId",
        &[
            (&quoted(TOUR), "accepted"),
            (&quoted(&TOUR.to_uppercase()), "accepted"),
            (&quoted("1"), "format"),
            (&quoted("' OR 1=1 --"), "format"),
            (&quoted(&TOUR[1..]), "format"),
            (&quoted(&format!("{TOUR} ")), "format"),
            ("7", "format"),
            ("null", "required"),
        ],
    );
}

/// Proves: L10
#[test]
fn special_requests_have_at_most_500_characters_of_any_size() {
    let text = |character: &str, count: usize| format!("\"{}\"", character.repeat(count));
    assert_field(
        "specialRequests",
        &[
            (&text("x", 500), "accepted"),
            (&text("x", 501), "length"),
            (&text("\u{1F600}", 500), "accepted"),
            (&text("\u{1F600}", 501), "length"),
            (&text("\\ud83d\\ude00", 500), "accepted"),
            ("\"\"", "accepted"),
            ("null", "accepted"),
            ("5", "type"),
            ("[\"a\"]", "type"),
            ("\"a\\u0000b\"", "format"),
            ("\"\\ud800\"", "malformed_json"),
        ],
    );
}

#[test]
fn all_faults_are_told_at_once_in_both_languages() {
    let body = r#"{"tourId":"x","numberOfParticipants":21,"bookingDate":"2020-01-01","specialRequests":5,"status":"confirmed"}"#;
    let error = normalised(body).expect_err("five faults");
    let said = |language| -> Vec<String> {
        let faults = error.faults.iter();
        faults.map(|fault| fault.message(language)).collect()
    };
    let french = [
        "bookingDate doit être dans le futur",
        "numberOfParticipants doit être compris entre 1 et 20",
        "specialRequests doit être un texte",
        "status n'est pas un champ accepté",
        "tourId doit être un UUID",
    ];
    let english = [
        "bookingDate must be in the future",
        "numberOfParticipants must be between 1 and 20",
        "specialRequests must be a text",
        "status is not an accepted field",
        "tourId must be a UUID",
    ];
    assert_eq!(said(Language::French), french);
    assert_eq!(said(Language::English), english);
}

#[test]
fn what_comes_out_is_canonical() {
    let body = format!(
        "\n{{ \"specialRequests\": \"\\u00e9t\\u00E9 \", \"bookingDate\":\"2027-07-01\",\t\"numberOfParticipants\": 2 , \"tourId\": \"{}\" }}\n",
        TOUR.to_uppercase().replace('-', "")
    );
    let expected = format!(
        r#"{{"tourId":"{TOUR}","numberOfParticipants":2,"bookingDate":"2027-07-01","specialRequests":"été "}}"#
    );
    assert_eq!(normalised(&body).expect("a good booking"), expected);
}
