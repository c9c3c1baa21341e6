//! What would become of one request: the same canonical form, look-up and rewriting as the layers do, told in words.

use http::Method;
use serde_json::{Map, Value, json};
use service_kit::error::{Code, Language};

use super::faults::{path_fault, refusal};
use super::layers::{self, Step};
use super::outcome::Outcome;
use super::policy;
use super::table::{columns, tame};
use crate::canonical::canonical;
use crate::route_table::{RouteTable, Written};

pub(super) struct Explanation<'a> {
    method: &'a Method,
    target: &'a str,
    outcome: Outcome<'a>,
}

impl<'a> Explanation<'a> {
    /// `target` may have a query; the policy does not look at it.
    pub(super) fn of(
        table: &RouteTable,
        written: &'a Written,
        method: &'a Method,
        target: &'a str,
    ) -> Self {
        let path = target.split_once('?').map_or(target, |(path, _)| path);
        let outcome = match canonical(path) {
            Err(fault) => Outcome::Refused(fault),
            Ok(path) => Outcome::of(table, written, method, path.into_owned()),
        };
        Self::with(method, target, outcome)
    }

    pub(super) fn with(method: &'a Method, target: &'a str, outcome: Outcome<'a>) -> Self {
        Self {
            method,
            target,
            outcome,
        }
    }

    pub(super) fn to_text(&self, source: &str, language: Language) -> String {
        let head = self.head(source, language);
        let mut text = format!("{} {}\n\n", self.method, tame(self.target));
        text.push_str(&columns(&head, "  "));
        let title = language.pick(
            "Les couches, dans l'ordre de la requête",
            "The layers, in the request's order",
        );
        let steps = layers::steps(&self.outcome, language);
        text.push_str(&format!("\n{title}\n"));
        text.push_str(&columns(&numbered(&steps), "  "));
        if steps.len() < layers::ORDER.len() {
            let rest = language.pick(
                "Rien de ce qui suit n'est atteint : aucun service ne voit la requête. Elle compte pour son adresse \
                 (jail, rate_limit) comme toute autre.",
                "Nothing below is reached: no service sees the request. It counts against its address (jail, rate_limit) \
                 as any other does.",
            );
            text.push_str(&format!("\n{rest}\n"));
        }
        text
    }

    fn head(&self, source: &str, language: Language) -> Vec<Vec<String>> {
        let canonical_form = language.pick("forme canonique", "canonical form");
        let row = |title: &str, text: String| vec![title.to_owned(), text];
        let answer = |code: Code| {
            let title = language.pick("réponse", "answer");
            row(title, refusal(code, language))
        };
        match &self.outcome {
            Outcome::Refused(fault) => vec![
                row(canonical_form, path_fault(*fault, language).to_owned()),
                answer(Code::AmbiguousPath),
            ],
            Outcome::Unknown { path } => {
                vec![
                    row(canonical_form, path.clone()),
                    answer(Code::RouteNotFound),
                ]
            }
            Outcome::OtherMethods { path, allow } => {
                let mut rows = vec![
                    row(canonical_form, path.clone()),
                    answer(Code::MethodNotAllowed),
                    row("Allow", allow.clone()),
                ];
                rows.extend(
                    self.case_of_method(language)
                        .map(|hint| vec![String::new(), hint]),
                );
                rows
            }
            Outcome::Found(found) => {
                let line = language.pick("ligne", "line");
                let place = format!(
                    "{}  ({source}, {line} {})",
                    found.route.name, found.row.line
                );
                let mut rows = vec![row(canonical_form, found.path.clone()), row("route", place)];
                let policy = policy::lines(found, language);
                rows.extend(
                    policy
                        .into_iter()
                        .map(|line| vec![line.title, tame(&line.text)]),
                );
                rows
            }
        }
    }

    /// RFC 9110 section 9.1: a method is case-sensitive, and `get` is none that anybody knows.
    fn case_of_method(&self, language: Language) -> Option<String> {
        let upper = self.method.as_str().to_ascii_uppercase();
        (upper != self.method.as_str()).then(|| {
            language.pick(
                format!("les méthodes distinguent les majuscules : essayez {upper}"),
                format!("methods are case-sensitive: try {upper}"),
            )
        })
    }

    pub(super) fn to_json(&self, source: &str, language: Language) -> String {
        let mut members =
            json!({ "method": self.method.as_str(), "target": self.target, "source": source });
        let more = match &self.outcome {
            Outcome::Refused(fault) => json!({
                "outcome": "refused", "path": null, "answer": code(Code::AmbiguousPath),
                "reason": path_fault(*fault, language),
            }),
            Outcome::Unknown { path } => {
                json!({ "outcome": "refused", "path": path, "answer": code(Code::RouteNotFound) })
            }
            Outcome::OtherMethods { path, allow } => json!({
                "outcome": "refused", "path": path, "answer": code(Code::MethodNotAllowed), "allow": allow,
            }),
            Outcome::Found(found) => {
                let policy = policy::lines(found, language);
                let policy: Map<_, _> = policy
                    .into_iter()
                    .map(|line| (line.key, line.value))
                    .collect();
                json!({
                    "outcome": "routed", "path": found.path, "route": &*found.route.name,
                    "line": found.row.line, "policy": policy,
                })
            }
        };
        let layers: Vec<Value> = layers::steps(&self.outcome, language)
            .into_iter()
            .map(|step| json!({ "name": step.name, "does": step.does }))
            .collect();
        for part in [more, json!({ "layers": layers })] {
            if let (Value::Object(members), Value::Object(part)) = (&mut members, part) {
                members.extend(part);
            }
        }
        format!("{members:#}\n")
    }
}

fn code(code: Code) -> Value {
    json!({ "status": code.status().as_u16(), "code": code.as_str() })
}

fn numbered(steps: &[Step]) -> Vec<Vec<String>> {
    let row = |(index, step): (usize, &Step)| {
        vec![
            format!("{:>2}", index + 1),
            step.name.to_owned(),
            tame(&step.does),
        ]
    };
    steps.iter().enumerate().map(row).collect()
}
