//! The reader's language: French unless `Accept-Language`, or the locale of a terminal, prefers English.

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    French,
    English,
}

impl Language {
    /// Weighs `Accept-Language` (RFC 9110 section 12.5.4). Equal weights, other languages, no header: French.
    pub fn of(headers: &HeaderMap) -> Self {
        let (mut french, mut english) = (0.0, 0.0);
        for value in headers.get_all(ACCEPT_LANGUAGE) {
            for range in value.to_str().unwrap_or_default().split(',') {
                let mut parts = range.split(';');
                let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
                let weight: f32 = parts
                    .find_map(|part| part.trim().strip_prefix("q="))
                    .map_or(1.0, |weight| weight.parse().unwrap_or(0.0));
                match tag.split('-').next() {
                    Some("fr") => french = weight.max(french),
                    Some("en") => english = weight.max(english),
                    _ => {}
                }
            }
        }
        if english > french {
            Self::English
        } else {
            Self::French
        }
    }

    /// What `LC_ALL` (first) or `LANG` say: English where they begin with `en`, else French.
    pub fn of_locale(lc_all: Option<&str>, lang: Option<&str>) -> Self {
        let mut set = [lc_all, lang].into_iter().flatten();
        match set.find(|text| !text.is_empty()) {
            Some(locale) if locale.starts_with("en") => Self::English,
            _ => Self::French,
        }
    }

    pub fn tag(self) -> &'static str {
        match self {
            Self::French => "fr",
            Self::English => "en",
        }
    }

    /// Chooses one of two texts.
    pub fn pick<T>(self, french: T, english: T) -> T {
        match self {
            Self::French => french,
            Self::English => english,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_language_wins_and_french_is_the_default() {
        for (header, expected) in [
            ("", Language::French),
            ("de", Language::French),
            ("en", Language::English),
            ("en-GB,en;q=0.9,fr;q=0.8", Language::English),
            ("fr,en", Language::French),
            ("fr;q=0.5, en;q=0.7", Language::English),
            ("en;q=rubbish", Language::French),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, header.parse().expect("a header value"));
            assert_eq!(Language::of(&headers), expected, "{header}");
        }
    }
}
