//! JSON in which no object has a name twice. Of two readers of such a text each may believe another value (RFC 8259
//! section 4), and serde_json's own `Value` silently believes the last one.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

#[derive(Debug, PartialEq)]
pub(super) struct UniqueJson(pub(super) Value);

impl<'de> Deserialize<'de> for UniqueJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without doubled names")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("no finite number"))?;
        Ok(number.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(UniqueJson(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, UniqueJson(value))) = object.next_entry::<String, UniqueJson>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a name is there twice"));
            }
        }
        Ok(members.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_as_serde_json_reads_it_unless_a_name_is_there_twice() {
        for text in [
            r#"{"a":[1,-2,1.5,"x",null,true,{"b":{}}],"c":{"a":1}}"#,
            "[]",
            "7",
        ] {
            let plain: Value = serde_json::from_str(text).expect("JSON");
            let unique: UniqueJson = serde_json::from_str(text).expect("JSON");
            assert_eq!(unique.0, plain);
        }
        for doubled in [
            r#"{"a":1,"a":1}"#,
            r#"{"r":{"a":[],"b":1,"a":[]}}"#,
            r#"[{"a":1,"\u0061":2}]"#,
        ] {
            assert!(
                serde_json::from_str::<UniqueJson>(doubled).is_err(),
                "{doubled}"
            );
        }
        for bad in ["1e400", "{", &"[".repeat(3_000)] {
            assert!(serde_json::from_str::<UniqueJson>(bad).is_err());
        }
    }
}
