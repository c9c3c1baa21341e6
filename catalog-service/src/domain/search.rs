//! Searching: which words are asked for, and in which text they are looked for.
//!
//! A tour is found when every word asked for begins a word of its titles, descriptions, city or country names, in
//! either language. Tours whose titles hold the words come first.
//!
//! The limit of this: the store compares the words with the text of every tour. That is right for a catalogue of some
//! 10,000 tours, and it is the same SQL on both engines; a larger one wants a full-text index per engine (FTS5 in
//! SQLite, `tsvector` with GIN in PostgreSQL), which would also know word stems (`plage`, `plages`).

use super::{TourDetails, fold};

/// The words of a query, folded, each once. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchWords(Vec<String>);

impl SearchWords {
    /// `None` when the text has no word at all, only punctuation.
    pub fn of(text: &str) -> Option<Self> {
        let folded = fold(text);
        let mut words: Vec<String> = folded.split_whitespace().map(str::to_owned).collect();
        // The longest first: it is the rarest, and what it does not match is looked at no further.
        words.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        words.dedup();
        (!words.is_empty()).then_some(Self(words))
    }

    pub fn as_slice(&self) -> &[String] {
        &self.0
    }
}

/// The folded texts that are kept beside a tour. Each begins with a space, so that ` word` is found at the beginning
/// of words only: `mer` shall find `mer` and `merveille`, not `commerce`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchText {
    pub title: String,
    /// Everything, the titles too.
    pub all: String,
}

impl SearchText {
    pub fn of(details: &TourDetails) -> Self {
        let title = folded(&[&details.title.fr, &details.title.en]);
        let rest = folded(&[
            &details.city,
            details.country.french,
            details.country.english,
            &details.description.fr,
            &details.description.en,
        ]);
        Self {
            all: format!("{title}{rest}"),
            title,
        }
    }
}

fn folded(texts: &[&str]) -> String {
    texts
        .iter()
        .map(|text| format!(" {}", fold(text)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_as_words_the_longest_first_each_once() {
        let words = SearchWords::of("  L'île   de RÉ, île  ").expect("words");
        assert_eq!(words.as_slice(), ["ile", "de", "re", "l"]);
        assert_eq!(SearchWords::of("--- ’ …"), None);
        assert_eq!(SearchWords::of("%%").expect("a word").as_slice(), ["%%"]);
    }
}
