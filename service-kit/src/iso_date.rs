//! A calendar date as the API writes it: a day, without a time and without a zone.

use std::fmt;

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize, Serializer};
use time::Date;
use time::macros::format_description;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// What reading a text that is no date ends with; [`crate::form`] knows the fault by it.
pub(crate) const EXPECTED: &str = "an ISO date is expected";

/// An ISO 8601 calendar date, `2027-06-30`, and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IsoDate(pub Date);

impl IsoDate {
    pub fn parse(text: &str) -> Option<Self> {
        let format = format_description!("[year]-[month]-[day]");
        // Exactly ten characters: the parser alone would take signs and longer years.
        (text.len() == 10)
            .then(|| Date::parse(text, &format).ok().map(Self))
            .flatten()
    }
}

impl fmt::Display for IsoDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.0.year(),
            u8::from(self.0.month()),
            self.0.day()
        )
    }
}

impl<'de> Deserialize<'de> for IsoDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom(EXPECTED))
    }
}

impl PartialSchema for IsoDate {
    fn schema() -> RefOr<Schema> {
        let text = ObjectBuilder::new().schema_type(Type::String);
        let text = text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)));
        text.pattern(Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")).into()
    }
}

impl ToSchema for IsoDate {}

impl Serialize for IsoDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_ten_characters_and_exists() {
        assert!(IsoDate::parse("2028-02-29").is_some());
        for bad in [
            "2027-02-29",
            "2027-2-9",
            "+2027-01-01",
            "2027-01-01T00:00:00Z",
            "27-01-01",
            "",
        ] {
            assert_eq!(IsoDate::parse(bad), None, "{bad}");
        }
    }
}
