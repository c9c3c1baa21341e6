//! The request's path in words: each layer in its order, and what it would do with this very request.
//!
//! [`ORDER`] is the order of `stack.rs` and of `docs/request-path.md`; a test compares the three.

mod of_route;

use service_kit::error::{Code, Language};

use super::faults::path_fault;
use super::faults::refusal;
use super::outcome::Outcome;
use of_route::of_route;

/// `accept` is the server's part; the others are the layers of `stack.rs`.
pub const ORDER: [&str; 17] = [
    "accept",
    "request_id",
    "access_log",
    "catch_panic",
    "security_headers",
    "canonical_path",
    "route",
    "jail",
    "rate_limit",
    "content_type",
    "authenticate",
    "quota",
    "authorize",
    "audit",
    "validate",
    "identity_headers",
    "forward",
];

pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) does: String,
}

/// Down to the layer that refuses, or to the last.
pub(super) fn steps(outcome: &Outcome<'_>, language: Language) -> Vec<Step> {
    let mut steps = before_the_path(language);
    let canonical_path = match outcome {
        Outcome::Refused(fault) => {
            steps.push(Step {
                name: "canonical_path",
                does: format!(
                    "{} ({})",
                    refuses(Code::AmbiguousPath, language),
                    path_fault(*fault, language)
                ),
            });
            return steps;
        }
        _ => language.pick(
            "une seule lecture possible : le chemin passe",
            "there is one way to read the path: it passes",
        ),
    };
    steps.push(step("canonical_path", canonical_path));
    match outcome {
        Outcome::Found(found) => steps.extend(of_route(found, language)),
        Outcome::OtherMethods { allow, .. } => steps.push(Step {
            name: "route",
            does: format!(
                "{}, Allow: {allow}",
                refuses(Code::MethodNotAllowed, language)
            ),
        }),
        Outcome::Unknown { .. } | Outcome::Refused(_) => steps.push(Step {
            name: "route",
            does: refuses(Code::RouteNotFound, language),
        }),
    }
    steps
}

fn step(name: &'static str, does: impl Into<String>) -> Step {
    let does = does.into();
    Step { name, does }
}

fn refuses(code: Code, language: Language) -> String {
    let verb = language.pick("refuse :", "refuses:");
    format!("{verb} {}", refusal(code, language))
}

/// What these do is the same for every request.
fn before_the_path(language: Language) -> Vec<Step> {
    let texts: [(&'static str, &str, &str); 5] = [
        (
            "accept",
            "TLS, délais et nombre de connexions bornés, une lecture stricte de HTTP",
            "TLS, bounded times and numbers of connections, one strict reading of HTTP",
        ),
        (
            "request_id",
            "un nouvel identifiant ; la trace du client est suivie, ou une autre commence",
            "a new id; the client's trace is joined, or a new one begins",
        ),
        (
            "access_log",
            "une ligne de journal, quoi qu'il arrive ensuite",
            "one log line, whatever happens below",
        ),
        (
            "catch_panic",
            "une panique devient un 500 qui ne dit rien",
            "a panic becomes a 500 that tells nothing",
        ),
        (
            "security_headers",
            "HSTS, nosniff, no-store, pas de Server, sur chaque réponse",
            "HSTS, nosniff, no-store, no Server, on every answer",
        ),
    ];
    texts
        .into_iter()
        .map(|(name, french, english)| step(name, language.pick(french, english)))
        .collect()
}

#[cfg(test)]
mod tests;
