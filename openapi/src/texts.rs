//! The words of the document: `texts/*.toml`, each text in French and in English.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail};
use service_kit::error::Language;
use toml::{Table, Value};

const FILES: [&str; 5] = [
    include_str!("../texts/document.toml"),
    include_str!("../texts/accounts.toml"),
    include_str!("../texts/tours.toml"),
    include_str!("../texts/bookings.toml"),
    include_str!("../texts/payments.toml"),
];

pub struct Texts {
    pub language: Language,
    texts: BTreeMap<String, [String; 2]>,
    asked: RefCell<BTreeSet<String>>,
}

impl Texts {
    /// # Errors
    /// A text that is not there in exactly two languages.
    pub fn read(language: Language) -> anyhow::Result<Self> {
        let mut texts = BTreeMap::new();
        for file in FILES {
            flatten("", &file.parse()?, &mut texts)?;
        }
        Ok(Self {
            language,
            texts,
            asked: RefCell::default(),
        })
    }

    /// The text of that name. One that is not there is told by [`Texts::finish`], with all others.
    pub fn say(&self, key: &str) -> &str {
        self.asked.borrow_mut().insert(key.to_owned());
        let pair = self.texts.get(key);
        pair.map_or("", |[french, english]| self.language.pick(french, english))
    }

    pub fn has(&self, key: &str) -> bool {
        self.texts.contains_key(key)
    }

    /// # Errors
    /// Every text that was asked for in vain, and every one that was not asked for.
    pub fn finish(&self) -> anyhow::Result<()> {
        let asked = self.asked.borrow();
        let missing: Vec<_> = asked.iter().filter(|key| !self.has(key)).collect();
        let idle: Vec<_> = self
            .texts
            .keys()
            .filter(|key| !asked.contains(*key))
            .collect();
        if missing.is_empty() && idle.is_empty() {
            return Ok(());
        }
        bail!("texts that are missing: {missing:#?}; texts that nobody asks for: {idle:#?}")
    }
}

fn flatten(
    prefix: &str,
    table: &Table,
    texts: &mut BTreeMap<String, [String; 2]>,
) -> anyhow::Result<()> {
    for (name, value) in table {
        let key = match prefix {
            "" => name.clone(),
            prefix => format!("{prefix}.{name}"),
        };
        if let Value::Table(inner) = value {
            flatten(&key, inner, texts)?;
            continue;
        }
        let pair = pair(value).with_context(|| format!("{key}: [French, English] is expected"))?;
        if texts.insert(key.clone(), pair).is_some() {
            bail!("{key} is there twice");
        }
    }
    Ok(())
}

fn pair(value: &Value) -> Option<[String; 2]> {
    let [french, english] = value.as_array()?.as_slice() else {
        return None;
    };
    let text = |value: &Value| {
        let text = value.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    Some([text(french)?, text(english)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<BTreeMap<String, [String; 2]>, String> {
        let mut texts = BTreeMap::new();
        let table = text.parse().expect("TOML");
        let read = flatten("", &table, &mut texts);
        read.map(|()| texts).map_err(|error| error.to_string())
    }

    #[test]
    fn a_text_in_one_language_alone_is_refused_by_its_name() {
        for bad in [
            r#"a.b = ["un"]"#,
            r#"a.b = ["un", ""]"#,
            r#"a.b = ["un", "one", "ein"]"#,
            r#"a.b = "un""#,
        ] {
            let error = read(bad).expect_err(bad);
            assert!(error.starts_with("a.b: "), "{error}");
        }
        let texts = read(r#"a.b = ["un", "one"]"#).expect("both languages");
        assert_eq!(texts["a.b"], ["un".to_owned(), "one".to_owned()]);
    }

    #[test]
    fn a_text_that_is_asked_for_in_vain_is_told_and_so_is_an_idle_one() {
        let texts = Texts::read(Language::French).expect("texts");
        assert_eq!(texts.say("no.such.text"), "");
        let error = texts.finish().expect_err("a missing text").to_string();
        assert!(
            error.contains("no.such.text") && error.contains("document.summary"),
            "{error}"
        );
    }
}
