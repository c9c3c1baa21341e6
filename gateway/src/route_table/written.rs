//! A route table as it is written, for those who ask about it: which line, which words.
//!
//! What a row means is decided by [`super::RouteTable`] alone. This view takes every key as it stands, so that a key
//! that only one layer understands is shown to an operator, and counted by a test, without a line of code here.

use toml::de::DeTable;
use toml::{Table, Value};

use super::read::line_of;

#[derive(Debug)]
pub struct Written {
    limits: Table,
    rows: Vec<WrittenRow>,
}

/// One `[[route]]`.
#[derive(Debug)]
pub struct WrittenRow {
    /// Of its header, counted from 1.
    pub line: usize,
    keys: Table,
}

impl Written {
    /// `None` for a text that is no route table; [`super::RouteTable::read`] tells why.
    pub fn read(text: &str) -> Option<Self> {
        let spans = DeTable::parse(text).ok()?;
        let lines = spans.get_ref().get("route")?.get_ref().as_array()?;
        let lines = lines.iter().map(|row| line_of(text, row.span().start));
        let mut document: Table = text.parse().ok()?;
        let rows = match document.remove("route")? {
            Value::Array(rows) => rows,
            _ => return None,
        };
        let row = |(row, line): (Value, usize)| match row {
            Value::Table(keys) => Some(WrittenRow { line, keys }),
            _ => None,
        };
        let limits = match document.remove("limits") {
            Some(Value::Table(limits)) => limits,
            _ => Table::new(),
        };
        let rows = rows.into_iter().zip(lines).map(row);
        Some(Self {
            limits,
            rows: rows.collect::<Option<_>>()?,
        })
    }

    /// In the file's order.
    pub fn rows(&self) -> &[WrittenRow] {
        &self.rows
    }

    /// Names are unique in a table without faults.
    pub fn row(&self, name: &str) -> Option<&WrittenRow> {
        self.rows.iter().find(|row| row.text("name") == name)
    }

    /// How many requests in how many seconds `[limits.<class>]` allows.
    pub fn limit(&self, class: &str) -> Option<(i64, i64)> {
        let class = self.limits.get(class)?;
        let number = |key| class.get(key).and_then(Value::as_integer);
        Some((number("requests")?, number("seconds")?))
    }
}

impl WrittenRow {
    pub fn keys(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.keys.iter().map(|(key, value)| (key.as_str(), value))
    }

    pub fn value(&self, key: &str) -> Option<&Value> {
        self.keys.get(key)
    }

    /// Empty where there is no such key.
    pub fn text(&self, key: &str) -> &str {
        self.value(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// Empty where there is no such key.
    pub fn words(&self, key: &str) -> Vec<&str> {
        let words = self.value(key).and_then(Value::as_array);
        let words = words.into_iter().flatten();
        words.filter_map(Value::as_str).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route_table::{BUILT_IN, RouteTable};

    #[test]
    fn every_route_of_the_built_in_table_is_found_by_its_name_at_its_header() {
        let table = RouteTable::read(BUILT_IN).expect("no fault");
        let written = Written::read(BUILT_IN).expect("a route table");
        assert_eq!(written.rows().len(), table.routes().len());
        for route in table.routes() {
            let row = written.row(&route.name).expect("a row");
            let line = BUILT_IN.lines().nth(row.line - 1);
            assert_eq!(line, Some("[[route]]"), "{}", route.name);
            assert!(row.text("path").starts_with('/') && !row.words("methods").is_empty());
        }
    }

    #[test]
    fn keys_and_limits_are_shown_as_they_stand() {
        let text = "[limits.search]\nrequests = 10\nseconds = 60\n\n[[route]]\nname = \"a\"\nlimits = [\"search\"]\n";
        let written = Written::read(text).expect("a route table");
        assert_eq!(written.limit("search"), Some((10, 60)));
        assert_eq!(written.limit("login"), None);
        let row = written.row("a").expect("a row");
        assert_eq!((row.line, row.words("limits")), (5, vec!["search"]));
        assert_eq!(row.text("schema"), "");
        assert!(Written::read("route = 7").is_none() && Written::read("[[route]").is_none());
    }
}
