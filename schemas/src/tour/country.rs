//! Countries by ISO 3166-1 alpha-2 code, with the names by which people search for them.
//!
//! The table is `countries.tsv`: code, French name, English name. 249 lines are read faster than a map is built.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

const TABLE: &str = include_str!("countries.tsv");

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Country {
    pub code: &'static str,
    pub french: &'static str,
    pub english: &'static str,
}

impl Country {
    /// The country of a code in capital letters; `None` for a code that ISO 3166-1 does not know.
    pub fn of(code: &str) -> Option<Self> {
        TABLE
            .lines()
            .filter_map(Self::row)
            .find(|country| country.code == code)
    }

    fn row(line: &'static str) -> Option<Self> {
        let mut columns = line.split('\t');
        Some(Self {
            code: columns.next()?,
            french: columns.next()?,
            english: columns.next()?,
        })
    }
}

impl PartialSchema for Country {
    fn schema() -> RefOr<Schema> {
        let codes = TABLE.lines().filter_map(Self::row);
        let codes = codes.map(|country| country.code);
        let text = ObjectBuilder::new().schema_type(Type::String);
        text.enum_values(Some(codes)).into()
    }
}

impl ToSchema for Country {}

impl fmt::Debug for Country {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code)
    }
}

impl Serialize for Country {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code)
    }
}

impl<'de> Deserialize<'de> for Country {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        Self::of(&code).ok_or_else(|| D::Error::custom("a country code is expected"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_has_all_249_codes_once_and_both_names() {
        let rows: Vec<Country> = TABLE
            .lines()
            .map(|line| Country::row(line).expect("three columns"))
            .collect();
        let codes: BTreeSet<_> = rows.iter().map(|row| row.code).collect();
        assert_eq!((rows.len(), codes.len()), (249, 249));
        for row in rows {
            assert!(row.code.len() == 2 && row.code.bytes().all(|b| b.is_ascii_uppercase()));
            assert!(!row.french.trim().is_empty() && !row.english.trim().is_empty());
        }
    }

    #[test]
    fn only_a_known_code_in_capitals_is_a_country() {
        assert_eq!(Country::of("MA").expect("Morocco").french, "Maroc");
        for bad in ["", "fr", "FRA", "ZZ", "F", "F\tR"] {
            assert_eq!(Country::of(bad), None, "{bad:?}");
        }
    }
}
