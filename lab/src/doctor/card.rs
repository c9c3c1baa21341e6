//! The one line that a teacher collects from a whole room: `grep result=bad` finds who needs help, and why.

use std::fmt;

use super::{Finding, Patient, Verdict, disk, git, memory, rustc};
use crate::service::Service;

/// Words without spaces, so that a column is a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    rustc: String,
    memory: String,
    disk: String,
    ports: &'static str,
    git: String,
    result: String,
}

impl Card {
    pub fn of(patient: &Patient<'_>, findings: &[Finding]) -> Self {
        let number = |number: Option<u64>, unit| number.map(|number| format!("{number}{unit}"));
        let known = |fact: Option<String>| fact.unwrap_or_else(|| "unknown".to_owned());
        let missing = |fact: Option<String>| fact.unwrap_or_else(|| "missing".to_owned());
        let ports = match patient.found {
            Some(_) => "ours",
            None => match patient.layout.ports.check_free(&Service::ALL) {
                Ok(()) => "free",
                Err(_) => "taken",
            },
        };
        Self {
            rustc: missing(rustc::release(patient)),
            memory: known(number(memory::available_megabytes(), "MB")),
            disk: known(number(disk::free_gigabytes(&patient.layout.home), "GB")),
            ports,
            git: missing(git::version()),
            result: result(findings),
        }
    }
}

/// `ok`, `warning(memory)`, `bad(ports,clock)`.
fn result(findings: &[Finding]) -> String {
    let of = |verdict| {
        let found = findings.iter().filter(|one| one.verdict == verdict);
        found.map(|one| one.id).collect::<Vec<_>>().join(",")
    };
    match (of(Verdict::Bad), of(Verdict::Warning)) {
        (bad, _) if !bad.is_empty() => format!("bad({bad})"),
        (_, warning) if !warning.is_empty() => format!("warning({warning})"),
        _ => "ok".to_owned(),
    }
}

impl fmt::Display for Card {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "escale-doctor={} os={} arch={} rustc={} memory={} disk={} ports={} git={} result={}",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH,
            self.rustc,
            self.memory,
            self.disk,
            self.ports,
            self.git,
            self.result,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::tests::Home;

    #[test]
    fn the_line_names_what_is_wrong_and_can_be_read_by_columns() {
        let finding = |id, verdict| Finding {
            id,
            check: "un nom".to_owned(),
            verdict,
            detail: "two\nlines".to_owned(),
        };
        let home = Home::empty();
        let findings = [
            finding("clock", Verdict::Bad),
            finding("memory", Verdict::Warning),
            finding("ports", Verdict::Good),
        ];
        let line = Card::of(&home.patient(), &findings).to_string();
        assert!(line.ends_with("result=bad(clock)"), "{line}");
        let words: Vec<_> = line.split(' ').collect();
        assert!(words.iter().all(|word| word.contains('=')), "{line}");
        assert_eq!(words.len(), 9);
        assert_eq!(result(&findings[1..]), "warning(memory)");
        assert_eq!(result(&findings[2..]), "ok");
    }
}
