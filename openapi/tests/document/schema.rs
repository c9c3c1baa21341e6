//! As much of JSON Schema 2020-12 as the document uses. A keyword that is not known here is a fault of the test, not
//! something to pass over.

use regex::Regex;
use serde_json::{Map, Value};

/// They say something to people, or to programs that generate code.
const MUTE: [&str; 2] = ["description", "examples"];

pub struct Schemas<'a>(&'a Map<String, Value>);

impl<'a> Schemas<'a> {
    pub fn of(document: &'a Value) -> Self {
        let schemas = document.pointer("/components/schemas");
        Self(schemas.and_then(Value::as_object).expect("schemas"))
    }

    pub fn all(&self) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.0.iter()
    }

    pub fn named(&self, name: &str) -> &'a Value {
        &self.0[name]
    }

    /// The pointers of all fields that hold no further object.
    pub fn leaves(&self, schema: &'a Value, prefix: &str, pointers: &mut Vec<String>) {
        let fields = self.resolved(schema)["properties"].as_object();
        match fields {
            None => pointers.push(prefix.to_owned()),
            Some(fields) => {
                for (name, field) in fields {
                    self.leaves(field, &format!("{prefix}/{name}"), pointers);
                }
            }
        }
    }

    /// The schema of one of those fields.
    pub fn at(&self, name: &str, pointer: &str) -> &'a Value {
        let names = pointer.split('/').skip(1);
        names.fold(self.named(name), |schema, name| {
            self.resolved(&schema["properties"][name])
        })
    }

    fn resolved(&self, schema: &'a Value) -> &'a Value {
        match schema["$ref"]
            .as_str()
            .and_then(|path| path.rsplit('/').next())
        {
            Some(name) => self.named(name),
            None => schema,
        }
    }

    /// Every keyword that a value breaks.
    pub fn faults(&self, schema: &'a Value, value: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        for (keyword, rule) in schema.as_object().expect("a schema") {
            if MUTE.contains(&&**keyword) {
                continue;
            }
            let inner = match &**keyword {
                "$ref" => self.faults(self.resolved(schema), value),
                "allOf" => {
                    let parts = rule.as_array().expect("a list").iter();
                    parts.flat_map(|part| self.faults(part, value)).collect()
                }
                "oneOf" => {
                    let parts = rule.as_array().expect("a list").iter();
                    let fitting = parts.filter(|part| self.faults(part, value).is_empty());
                    fault(fitting.count() == 1, keyword)
                }
                "properties" => self.faults_of_fields(rule, value),
                "items" => {
                    let items = value.as_array().into_iter().flatten();
                    items.flat_map(|item| self.faults(rule, item)).collect()
                }
                "additionalProperties" => {
                    assert_eq!(*rule, false);
                    let named = schema["properties"].as_object().expect("properties");
                    let fields = value.as_object().into_iter().flatten();
                    fault(
                        fields.into_iter().all(|(name, _)| named.contains_key(name)),
                        keyword,
                    )
                }
                _ => fault(holds(keyword, rule, value), keyword),
            };
            faults.extend(inner);
        }
        faults
    }

    fn faults_of_fields(&self, fields: &'a Value, value: &Value) -> Vec<String> {
        let fields = fields.as_object().expect("properties").iter();
        let given = fields.filter_map(|(name, schema)| Some((name, schema, value.get(name)?)));
        let faults = given.flat_map(|(name, schema, value)| {
            let inner = self.faults(schema, value).into_iter();
            inner.map(move |fault| format!("{name}: {fault}"))
        });
        faults.collect()
    }
}

fn fault(holds: bool, keyword: &str) -> Vec<String> {
    (!holds).then(|| keyword.to_owned()).into_iter().collect()
}

/// A keyword says nothing of values of other types.
fn holds(keyword: &str, rule: &Value, value: &Value) -> bool {
    let number = || rule.as_f64().expect("a number");
    let length = |text: &str| text.chars().count() as f64;
    match keyword {
        "type" => match rule.as_array() {
            Some(types) => types.iter().any(|name| is_of(name, value)),
            None => is_of(rule, value),
        },
        "const" => value == rule,
        "enum" => rule.as_array().expect("a list").contains(value),
        "required" => {
            let mut names = rule.as_array().expect("a list").iter();
            let name = |name: &Value| name.as_str().expect("a name").to_owned();
            !value.is_object() || names.all(|field| value.get(name(field)).is_some())
        }
        "minimum" => value.as_f64().is_none_or(|given| given >= number()),
        "maximum" => value.as_f64().is_none_or(|given| given <= number()),
        "minItems" => value
            .as_array()
            .is_none_or(|list| list.len() as f64 >= number()),
        "minLength" => value.as_str().is_none_or(|text| length(text) >= number()),
        "maxLength" => value.as_str().is_none_or(|text| length(text) <= number()),
        // Of the others a pattern says as much as can be said, or the bounds do.
        "format" if rule == "uuid" => value.as_str().is_none_or(is_uuid),
        "format" => true,
        "pattern" => {
            let pattern = Regex::new(rule.as_str().expect("a pattern")).expect("a pattern");
            value.as_str().is_none_or(|text| pattern.is_match(text))
        }
        unknown => panic!("{unknown} is not known here"),
    }
}

fn is_uuid(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    groups.eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| b"0123456789abcdef-".contains(&byte))
}

fn is_of(name: &Value, value: &Value) -> bool {
    match name.as_str().expect("the name of a type") {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        unknown => panic!("{unknown} is not known here"),
    }
}
