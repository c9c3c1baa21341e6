//! The files that the gateway embeds are what the code says, and what the code says is so.

#[path = "document/bounds.rs"]
mod bounds;
#[path = "document/policy.rs"]
mod policy;
#[path = "document/schema.rs"]
mod schema;

use escale_openapi::{COMMAND, Sources, document, path_of};
use serde_json::Value;
use service_kit::error::Language;

const LANGUAGES: [Language; 2] = [Language::French, Language::English];

fn golden(language: Language) -> Value {
    let path = path_of(language);
    let text = std::fs::read_to_string(&path).expect("the file that the gateway embeds");
    serde_json::from_str(&text).expect("JSON")
}

/// Also: every route has its description and every description its route, and every text is there in both languages;
/// [`document`] fails otherwise, and says what is wrong.
#[test]
fn the_embedded_files_are_what_the_code_says() {
    let sources = Sources::read().expect("the services' descriptions");
    for language in LANGUAGES {
        let made = document(&sources, language).expect("a document");
        let path = path_of(language);
        assert!(
            made == golden(language),
            "{} is old: {COMMAND}",
            path.display()
        );
    }
}

/// Who reads the other language reads the same contract.
#[test]
fn the_two_languages_differ_in_words_alone() {
    let [mut french, mut english] = LANGUAGES.map(golden);
    for document in [&mut french, &mut english] {
        without_words(document);
    }
    assert!(french == english);
}

fn without_words(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for word in ["description", "summary", "example"] {
                // A field of a body that is named so is an object.
                if fields.get(word).is_some_and(Value::is_string) {
                    fields.remove(word);
                }
            }
            // What a refusal says in words: the rest of it is compared.
            for word in ["error", "details", "message"] {
                fields.retain(|name, value| name != word || value.is_object());
            }
            fields.values_mut().for_each(without_words);
        }
        Value::Array(items) => items.iter_mut().for_each(without_words),
        _ => {}
    }
}
