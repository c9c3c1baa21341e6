//! One fault of an input: where it is, which rule it breaks, and the text in both languages.
//!
//! The offending value itself is never echoed: it may be a password, or a script.

use super::Language;
use crate::iso_date::IsoDate;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// RFC 6901: `/numberOfParticipants`, `/title/fr`; a query parameter or a header by its bare name.
    pub pointer: String,
    pub rule: Rule,
}

/// What was expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    Required,
    Unknown,
    Integer,
    Number,
    Text,
    Boolean,
    Object,
    Array,
    Uuid,
    Date,
    Email,
    Format,
    Future,
    /// A date that may be this one at the latest.
    Latest(IsoDate),
    /// A well-formed id that names nothing.
    Reference,
    Range {
        min: i64,
        max: i64,
    },
    Length {
        min: u64,
        max: u64,
    },
    OneOf(&'static [&'static str]),
    Weak,
}

impl Fault {
    pub fn new(pointer: impl Into<String>, rule: Rule) -> Self {
        Self {
            pointer: pointer.into(),
            rule,
        }
    }

    /// `numberOfParticipants doit être un entier` / `... must be an integer`.
    pub fn message(&self, language: Language) -> String {
        let field = self.pointer.trim_start_matches('/').replace('/', ".");
        format!("{field} {}", self.rule.message(language))
    }
}

impl Rule {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Unknown => "unknown_field",
            Self::Integer
            | Self::Number
            | Self::Text
            | Self::Boolean
            | Self::Object
            | Self::Array => "type",
            Self::Uuid | Self::Date | Self::Email | Self::Format => "format",
            Self::Future => "future",
            Self::Range { .. } | Self::Latest(_) => "range",
            Self::Reference => "reference",
            Self::Length { .. } => "length",
            Self::OneOf(_) => "choice",
            Self::Weak => "weak",
        }
    }

    fn message(&self, language: Language) -> String {
        let fixed = match self {
            Self::Required => language.pick("est requis", "is required"),
            Self::Unknown => {
                language.pick("n'est pas un champ accepté", "is not an accepted field")
            }
            Self::Integer => language.pick("doit être un entier", "must be an integer"),
            Self::Number => language.pick("doit être un nombre", "must be a number"),
            Self::Text => language.pick("doit être un texte", "must be a text"),
            Self::Boolean => language.pick("doit être vrai ou faux", "must be true or false"),
            Self::Object => language.pick("doit être un objet", "must be an object"),
            Self::Array => language.pick("doit être une liste", "must be a list"),
            Self::Uuid => language.pick("doit être un UUID", "must be a UUID"),
            Self::Date => language.pick(
                "doit être une date ISO (AAAA-MM-JJ)",
                "must be an ISO date (YYYY-MM-DD)",
            ),
            Self::Email => {
                language.pick("doit être une adresse e-mail", "must be an e-mail address")
            }
            Self::Format => language.pick(
                "n'a pas le format attendu",
                "does not have the expected format",
            ),
            Self::Future => language.pick("doit être dans le futur", "must be in the future"),
            Self::Weak => language.pick("est trop facile à deviner", "is too easy to guess"),
            Self::Reference => language.pick(
                "ne désigne aucune ressource existante",
                "names no existing resource",
            ),
            Self::Latest(date) => {
                return language.pick(
                    format!("doit être au plus tard le {date}"),
                    format!("must be {date} at the latest"),
                );
            }
            Self::Range { min, max } => {
                return language.pick(
                    format!("doit être compris entre {min} et {max}"),
                    format!("must be between {min} and {max}"),
                );
            }
            Self::Length { min, max } => {
                return language.pick(
                    format!("doit compter de {min} à {max} caractères"),
                    format!("must have {min} to {max} characters"),
                );
            }
            Self::OneOf(choices) => {
                let choices = choices.join(", ");
                return language.pick(
                    format!("doit être l'un de : {choices}"),
                    format!("must be one of: {choices}"),
                );
            }
        };
        fixed.to_owned()
    }
}
