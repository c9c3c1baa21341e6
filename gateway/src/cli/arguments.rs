//! The words behind `gateway`: few enough to be read by hand, so that the program that faces the world carries no
//! parser of command lines.

use std::path::PathBuf;

use http::Method;
use service_kit::config::Settings;
use service_kit::error::Language;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arguments {
    pub(super) verb: Verb,
    pub(super) language: Language,
    pub(super) json: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verb {
    /// The target is a path, with its query where there is one.
    Explain {
        method: Method,
        target: String,
    },
    /// No file: the table that the gateway would start with.
    Check {
        file: Option<PathBuf>,
    },
    Help,
}

impl Arguments {
    /// # Errors
    /// What is wrong, and the usage, in the reader's language.
    pub(super) fn read(arguments: &[String], settings: &Settings) -> Result<Self, String> {
        let locale = |key| settings.parse_optional::<String>(key).flatten();
        let (lc_all, lang) = (locale("LC_ALL"), locale("LANG"));
        let mut language = Language::of_locale(lc_all.as_deref(), lang.as_deref());
        let (mut json, mut help, mut words) = (false, false, Vec::new());
        let mut rest = arguments.iter().map(String::as_str);
        while let Some(argument) = rest.next() {
            match argument {
                "--json" => json = true,
                "--help" | "-h" | "help" => help = true,
                "--lang" => language = named(rest.next(), language)?,
                _ => match argument.strip_prefix("--lang=") {
                    Some(name) => language = named(Some(name), language)?,
                    None if argument.starts_with('-') => {
                        return Err(unknown(argument, language));
                    }
                    None => words.push(argument),
                },
            }
        }
        let verb = if help {
            Verb::Help
        } else {
            verb(&words, language)?
        };
        Ok(Self {
            verb,
            language,
            json,
        })
    }
}

fn named(name: Option<&str>, so_far: Language) -> Result<Language, String> {
    match name {
        Some("fr") => Ok(Language::French),
        Some("en") => Ok(Language::English),
        _ => {
            let fault = so_far.pick("--lang veut fr ou en", "--lang wants fr or en");
            Err(with_usage(fault, so_far))
        }
    }
}

fn verb(words: &[&str], language: Language) -> Result<Verb, String> {
    match words {
        ["explain", method, target] => Ok(Verb::Explain {
            method: method.parse().map_err(|_| {
                let fault = language.pick("n'est pas une méthode HTTP", "is no HTTP method");
                with_usage(&format!("{method:?} {fault}"), language)
            })?,
            target: (*target).to_owned(),
        }),
        ["explain", ..] => Err(with_usage(
            language.pick(
                "explain veut une méthode et un chemin",
                "explain wants a method and a path",
            ),
            language,
        )),
        ["check"] => Ok(Verb::Check { file: None }),
        ["check", file] => Ok(Verb::Check {
            file: Some(PathBuf::from(file)),
        }),
        ["check", ..] => Err(with_usage(
            language.pick("check veut un seul fichier", "check wants one file"),
            language,
        )),
        [other, ..] => Err(unknown(other, language)),
        [] => Err(usage(language)),
    }
}

fn unknown(word: &str, language: Language) -> String {
    let fault = language.pick("n'est pas connu ici", "is not known here");
    with_usage(&format!("{word:?} {fault}"), language)
}

fn with_usage(fault: &str, language: Language) -> String {
    format!("{fault}\n\n{}", usage(language))
}

pub(super) fn usage(language: Language) -> String {
    language
        .pick(
            "\
Utilisation :
  gateway                               démarre la passerelle (réglages : voir .env.example)
  gateway health                        celle qui tourne ici est-elle prête ? code 0 ou 1
  gateway explain MÉTHODE CHEMIN        ce qui serait appliqué à cette requête
  gateway check [FICHIER]               les fautes d'une table de routes, ou ses routes

La table est FICHIER, sinon ROUTES_FILE, sinon celle du programme.

  --lang fr|en    langue (sinon LC_ALL, LANG ; français par défaut)
  --json          pour un programme
  -h, --help      cette aide

Codes de sortie : 0 fait, 2 mauvaise utilisation, 78 table inutilisable.
",
            "\
Usage:
  gateway                               starts the gateway (settings: see .env.example)
  gateway health                        is the one that runs here ready? code 0 or 1
  gateway explain METHOD PATH           what would be applied to this request
  gateway check [FILE]                  the faults of a route table, or its routes

The table is FILE, else ROUTES_FILE, else the program's own.

  --lang fr|en    language (else LC_ALL, LANG; French by default)
  --json          for a program
  -h, --help      this help

Exit codes: 0 done, 2 wrong use, 78 a table that cannot be used.
",
        )
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn read(line: &str, locale: &str) -> Result<Arguments, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Arguments::read(&words, &Settings::from_pairs([("LANG", locale)]))
    }

    #[test]
    fn options_may_stand_anywhere_and_the_last_word_on_language_is_the_callers() {
        for line in [
            "explain GET /x --json --lang en",
            "--json --lang=en explain GET /x",
        ] {
            let arguments = read(line, "fr_FR.UTF-8").expect(line);
            assert_eq!(
                (arguments.json, arguments.language),
                (true, Language::English)
            );
            let (method, target) = (Method::GET, "/x".to_owned());
            assert_eq!(arguments.verb, Verb::Explain { method, target });
        }
        let arguments = read("check", "en_GB.UTF-8").expect("two words");
        assert_eq!(arguments.language, Language::English);
    }

    #[test]
    fn what_is_not_understood_is_told_with_the_usage() {
        for (line, told) in [
            ("explain", "une méthode et un chemin"),
            ("explain GET", "une méthode et un chemin"),
            ("explain G@T /x", "n'est pas une méthode HTTP"),
            ("check a b", "un seul fichier"),
            ("start", "\"start\" n'est pas connu"),
            ("check --yaml", "\"--yaml\" n'est pas connu"),
            ("check --lang de", "fr ou en"),
            ("--json", "Utilisation"),
        ] {
            let fault = read(line, "").expect_err(line);
            assert!(fault.contains(told), "{line}: {fault}");
            assert!(fault.contains("gateway explain"), "{line}: {fault}");
        }
    }
}
