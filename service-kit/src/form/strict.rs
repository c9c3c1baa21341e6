//! JSON that can be read in one way only: no key twice (two readers may each believe another of the two values), no
//! byte after the value, UTF-8 without a byte order mark, and no deeper than a person would nest it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Objects and lists inside each other. The deepest body of the platform has two; serde_json alone takes 127.
const DEEPEST: u8 = 32;

/// Reads one value and nothing after it.
pub(super) fn read(text: &[u8]) -> serde_json::Result<Value> {
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = Strict { deeper: DEEPEST }.deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

#[derive(Clone, Copy)]
struct Strict {
    /// How many levels may still be opened.
    deeper: u8,
}

impl Strict {
    fn inside<E: Error>(self) -> Result<Self, E> {
        let deeper = self.deeper.checked_sub(1);
        let deeper = deeper.ok_or_else(|| E::custom("nested too deep"))?;
        Ok(Self { deeper })
    }
}

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without doubled keys")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut items = Vec::new();
        while let Some(item) = seq.next_element_seed(inside)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let inside = self.inside()?;
        let mut map = Map::new();
        while let Some(key) = access.next_key::<String>()? {
            if map.insert(key, access.next_value_seed(inside)?).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(open: &str, inner: &str, close: &str, levels: usize) -> String {
        open.repeat(levels) + inner + &close.repeat(levels)
    }

    /// Proves: edge-bombs
    #[test]
    fn thirty_two_levels_are_read_and_one_more_is_refused() {
        for (open, inner, close) in [("[", "1", "]"), ("{\"a\":", "1", "}"), ("[", "[]", "]")] {
            let own = usize::from(inner == "[]");
            let fits = nested(open, inner, close, 32 - own);
            assert!(read(fits.as_bytes()).is_ok(), "{fits}");
            for levels in [33, 128, 10_000, 1_000_000] {
                let deep = nested(open, inner, close, levels - own);
                assert!(read(deep.as_bytes()).is_err(), "{open} {levels}");
            }
        }
        let unclosed = "[".repeat(1_000_000);
        assert!(read(unclosed.as_bytes()).is_err());
    }

    #[test]
    fn a_value_that_two_readers_may_take_for_two_is_refused() {
        for text in [
            &br#"{"a":1,"a":1}"#[..],
            br#"{"a":1,"\u0061":2}"#,
            br#"{"b":{"a":1,"c":[],"a":2}}"#,
            br#"[{"a":1,"a":null}]"#,
            b"{} {}",
            b"{}x",
            b"{}\0",
            b"\xef\xbb\xbf{}",
            b"\xff\xfe{\0}\0",
            b"{\"a\":\"\xc3\"}",
            b"{\"\xff\":1}",
            br#"{"a":"\ud800"}"#,
            b"{'a':1}",
            b"{\"a\":1,}",
            b"{\"a\":01}",
            b"{\"a\":NaN}",
            b"// no\n{}",
            b"",
        ] {
            assert!(read(text).is_err(), "{}", String::from_utf8_lossy(text));
        }
        assert!(read(b" {\"a\":{\"a\":[1,2.5,-3,true,null,\"\"]}} \r\n").is_ok());
    }
}
