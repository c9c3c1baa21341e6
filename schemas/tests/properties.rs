//! Claims about every booking, not about chosen ones.

use escale_schemas::Schema;
use proptest::prelude::*;
use serde_json::{Value, json};
use service_kit::iso_date::IsoDate;
use time::Date;
use time::macros::date;

const TODAY: Date = date!(2027 - 06 - 30);
const FIELDS: [&str; 4] = [
    "tourId",
    "numberOfParticipants",
    "bookingDate",
    "specialRequests",
];

/// The normalised booking, or the pointers of its faults.
fn normalise(booking: &Value) -> Result<Value, Vec<String>> {
    match Schema::Booking.normalise(booking.to_string().as_bytes(), TODAY) {
        Ok(body) => Ok(serde_json::from_slice(&body).expect("JSON")),
        Err(error) => Err(error
            .faults
            .into_iter()
            .map(|fault| fault.pointer)
            .collect()),
    }
}

/// Any text but U+0000, which no store of ours can hold.
fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        any::<char>().prop_filter("no null", |c| *c != '\0'),
        0..=500,
    )
    .prop_map(String::from_iter)
}

prop_compose! {
    fn booking()(
        tour in any::<u128>(),
        participants in 1..=20,
        days_ahead in 1..=10_000_i64,
        requests in proptest::option::of(text()),
    ) -> Value {
        let tour = uuid::Uuid::from_u128(tour);
        let date = IsoDate(TODAY + time::Duration::days(days_ahead)).to_string();
        let mut booking = json!({"tourId": tour, "numberOfParticipants": participants, "bookingDate": date});
        if let Some(requests) = requests {
            booking["specialRequests"] = requests.into();
        }
        booking
    }
}

/// Any JSON, not too deep.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(".{0,8}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn a_valid_booking_passes_and_comes_out_equal(booking in booking()) {
        prop_assert_eq!(normalise(&booking), Ok(booking));
    }

    #[test]
    fn what_comes_out_comes_out_of_a_second_judgement_unchanged(booking in booking()) {
        let once = Schema::Booking.normalise(booking.to_string().as_bytes(), TODAY);
        let once = once.map_err(|error| error.to_string());
        let bytes = once.clone().expect("a valid booking");
        let twice = Schema::Booking.normalise(&bytes, TODAY).map_err(|error| error.to_string());
        prop_assert_eq!(once, twice);
    }

    /// Proves: R14
    #[test]
    fn any_key_more_is_refused(booking in booking(), key in ".{0,12}", value in json_value()) {
        prop_assume!(!FIELDS.contains(&key.as_str()));
        let mut more = booking;
        more[&key] = value;
        prop_assert!(normalise(&more).is_err(), "{}", key);
    }

    #[test]
    fn any_key_less_is_refused_unless_it_is_optional(booking in booking(), index in 0..3_usize) {
        let mut less = booking;
        less.as_object_mut().expect("an object").remove(FIELDS[index]);
        prop_assert_eq!(normalise(&less), Err(vec![format!("/{}", FIELDS[index])]));
    }

    /// Proves: R14
    #[test]
    fn no_value_in_the_place_of_another_passes_unchecked(booking in booking(), index in 0..4_usize, value in json_value()) {
        let mut other = booking;
        other[FIELDS[index]] = value;
        if let Ok(normal) = normalise(&other) {
            prop_assert!(normal["numberOfParticipants"].as_i64().is_some_and(|n| (1..=20).contains(&n)));
            prop_assert!(normal["bookingDate"].as_str().is_some_and(|date| date > "2027-06-30" && date.len() == 10));
            prop_assert!(normal["tourId"].as_str().is_some_and(|id| id.len() == 36));
        }
    }

    #[test]
    fn no_bytes_make_a_schema_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        for schema in Schema::ALL {
            let _ = schema.normalise(&bytes, TODAY);
        }
    }
}
