//! Runs the commands of the texts as they are written: each text against a platform of its own, started as the text
//! says, in a copy of the workspace.
//!
//! The texts name the usual ports. Where these are taken, others are put in their place, and theirs back into what is
//! shown.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use escale_exercises::Lang;
use tokio::process::Command;

use super::Teller;
use super::proof::{Claim, Point};
use super::shell::Shell;
use crate::answer_pattern::compare;
use crate::console::Console;
use crate::exercise::catalogue::Exercise;
use crate::lab_text::{Example, LabText};
use crate::ports::Ports;
use crate::service::Service;
use crate::texts::verify as texts;
use crate::workshop::Workshop;

/// A platform that is built for the first time.
const START: Duration = Duration::from_secs(600);

struct Platform {
    tree: PathBuf,
    environment: Vec<(String, String)>,
    ports: Ports,
}

pub async fn run(
    shop: &Workshop,
    exercises: &Arc<Vec<Exercise>>,
    console: Console,
    told: &Teller,
) -> anyhow::Result<()> {
    if Shell::open(shop.tree.folder(), &[]).await.is_err() {
        console.say(&texts::NO_BASH, &[]);
        return Ok(());
    }
    let usual = Ports::default();
    let ports = match usual.check_free(&Service::ALL) {
        Ok(()) => usual,
        Err(_) => Ports::any_free()?,
    };
    for exercise in exercises.iter() {
        for lang in Lang::ALL {
            let Ok(text) = exercise.text(lang) else {
                continue;
            };
            let text = LabText::parse(&text);
            let platform = Platform::of(shop, lang, &ports);
            let begun = Instant::now();
            let fault = match platform.up().await {
                Ok(()) => try_text(&text, &platform, console).await.err(),
                Err(error) => Some(error.to_string()),
            };
            platform.down().await;
            let values: [(&str, &dyn std::fmt::Display); 3] = [
                ("lang", &lang.code()),
                ("run", &text.examples().count()),
                ("skipped", &text.not_run()),
            ];
            let of = console.text(&texts::BLOCKS, &values);
            Claim::new(exercise.name(), Point::Texts, &of).ends(fault, begun, told);
        }
    }
    Ok(())
}

async fn try_text(text: &LabText, platform: &Platform, console: Console) -> Result<(), String> {
    let shell = Shell::open(&platform.tree, &platform.environment).await;
    let mut shell = shell.map_err(|error| error.to_string())?;
    let tried = try_examples(text, &mut shell, platform, console).await;
    let closed = shell.close().await.map_err(|error| error.to_string());
    tried.and(closed)
}

async fn try_examples(
    text: &LabText,
    shell: &mut Shell,
    platform: &Platform,
    console: Console,
) -> Result<(), String> {
    for example in text.examples() {
        try_example(example, shell, platform, console).await?;
    }
    Ok(())
}

async fn try_example(
    example: Example<'_>,
    shell: &mut Shell,
    platform: &Platform,
    console: Console,
) -> Result<(), String> {
    let line = example.commands.line;
    let commands = moved(&example.commands.text, &Ports::default(), &platform.ports);
    let said = shell.run(&commands).await;
    let said = said.map_err(|error| format!("{line}: {error}"))?;
    let output = moved(&said.output, &platform.ports, &Ports::default());
    if let Some(failed) = said.failed {
        let values: [(&str, &dyn std::fmt::Display); 3] = [
            ("line", &line),
            ("failed", &failed),
            ("output", &output.trim()),
        ];
        return Err(console.text(&texts::COMMAND_FAILED, &values));
    }
    let Some(answer) = example.answer else {
        return Ok(());
    };
    compare(&answer.text, &output).map_err(|parted| {
        let values: [(&str, &dyn std::fmt::Display); 3] = [
            ("line", &answer.line),
            ("wanted", &parted.wanted),
            ("came", &parted.came),
        ];
        console.text(&texts::OTHER_ANSWER, &values)
    })
}

/// The text with other ports: `:8080` and, for the admin address, `:18080`.
fn moved(text: &str, from: &Ports, to: &Ports) -> String {
    let pairs = Service::ALL.into_iter().flat_map(|service| {
        [
            (from.port(service), to.port(service)),
            (from.admin(service).port(), to.admin(service).port()),
        ]
    });
    let pairs: Vec<(String, String)> = pairs
        .map(|(from, to)| (format!(":{from}"), format!(":{to}")))
        .collect();
    let (mut rest, mut whole) = (text, String::new());
    // One pass: a port that was put in is never taken for one to be replaced.
    while let Some(at) = rest.find(':') {
        whole.push_str(&rest[..at]);
        rest = &rest[at..];
        let is_port = |(from, _): &&(String, String)| {
            let after = rest.strip_prefix(from.as_str());
            after.is_some_and(|after| !after.starts_with(|sign: char| sign.is_ascii_digit()))
        };
        let (taken, put) = match pairs.iter().find(is_port) {
            Some((from, to)) => (from.len(), to.as_str()),
            None => (1, ":"),
        };
        whole.push_str(put);
        rest = &rest[taken..];
    }
    whole + rest
}

impl Platform {
    fn of(shop: &Workshop, lang: Lang, ports: &Ports) -> Self {
        let locale = match lang {
            Lang::Fr => "fr_FR.UTF-8",
            Lang::En => "en_GB.UTF-8",
        };
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        Self {
            tree: shop.tree.folder().to_owned(),
            environment: vec![
                pair("CARGO_TARGET_DIR", &shop.target().display().to_string()),
                // A copy of the workspace is a home of its own.
                pair("ESCALE_HOME", ""),
                pair("LC_ALL", ""),
                pair("LANG", locale),
                pair("NO_COLOR", "1"),
            ],
            ports: ports.clone(),
        }
    }

    async fn up(&self) -> anyhow::Result<()> {
        let mut arguments = vec!["up".to_owned(), "--detach".to_owned(), "--fresh".to_owned()];
        for service in Service::ALL {
            arguments.push("--port".to_owned());
            arguments.push(format!("{service}={}", self.ports.port(service)));
        }
        let output = self.lab(&arguments).output();
        let output = tokio::time::timeout(START, output).await??;
        if !output.status.success() {
            let said = [output.stdout, output.stderr].concat();
            anyhow::bail!("cargo lab up: {}", String::from_utf8_lossy(&said).trim());
        }
        Ok(())
    }

    /// What is not running is down.
    async fn down(&self) {
        let _ = self.lab(&["down".to_owned()]).output().await;
    }

    fn lab(&self, arguments: &[String]) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command
            .arg("lab")
            .args(arguments)
            .current_dir(Path::new(&self.tree))
            .envs(self.environment.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_moved_there_and_back_and_other_numbers_stay() {
        let other = Ports::with(&[(Service::Gateway, 3002), (Service::Catalog, 8080)]);
        let other = other.expect("no clash");
        let text = "curl https://localhost:8080/api, :18080/metrics, :3002, :80801 a:b";
        let there = moved(text, &Ports::default(), &other);
        assert_eq!(
            there,
            "curl https://localhost:3002/api, :13002/metrics, :8080, :80801 a:b"
        );
        assert_eq!(moved(&there, &other, &Ports::default()), text);
    }
}
