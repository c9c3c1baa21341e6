//! The Docker engine and compose, by their command lines: what a user types is what is tried.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::platform::text_of;

pub struct Engine {
    /// `docker compose`, or `docker-compose` where that is all there is.
    program: Vec<&'static str>,
    project: String,
    environment: Vec<(String, String)>,
}

impl Engine {
    pub fn find(mut environment: Vec<(String, String)>) -> Self {
        let answers = |words: &[&str]| {
            let mut command = Command::new(words[0]);
            command.args(&words[1..]).stdin(Stdio::null());
            command.output().is_ok_and(|output| output.status.success())
        };
        assert!(
            answers(&["docker", "info"]),
            "no Docker engine answers `docker info`"
        );
        let program = match answers(&["docker", "compose", "version"]) {
            true => vec!["docker", "compose"],
            false => vec!["docker-compose"],
        };
        // Images of a test are made quickly unless a caller says otherwise.
        if std::env::var_os("ESCALE_PROFILE").is_none() {
            environment.push(("ESCALE_PROFILE".to_owned(), "dev".to_owned()));
        }
        let mark = uuid::Uuid::new_v4().simple().to_string();
        Self {
            program,
            project: format!("escale-{}", &mark[..8]),
            environment,
        }
    }

    /// The name of one of the project's networks or volumes.
    pub fn name(&self, short: &str) -> String {
        format!("{}_{short}", self.project)
    }

    /// Runs compose on this project and gives what it prints.
    #[track_caller]
    pub fn compose(&self, words: &[&str]) -> String {
        let mut command = Command::new(self.program[0]);
        command
            .args(&self.program[1..])
            .args(["--project-name", &self.project])
            .args(words)
            .envs(self.environment.iter().cloned())
            .current_dir(workspace());
        succeed(&mut command)
    }

    #[track_caller]
    pub fn docker(&self, words: &[&str]) -> String {
        succeed(Command::new("docker").args(words))
    }

    /// The same where a failure is an answer too: whether it succeeded, and all that it printed.
    pub fn try_docker(&self, words: &[&str]) -> (bool, String) {
        let output = run(Command::new("docker").args(words));
        (output.status.success(), text_of(&output))
    }

    #[track_caller]
    pub fn exec(&self, container: &str, words: &[&str]) -> String {
        self.docker(&[&["exec", container], words].concat())
    }

    /// The containers of a service, running or not.
    pub fn containers(&self, service: &str) -> Vec<String> {
        let label = format!("label=com.docker.compose.service={service}");
        self.list(&["--all", "--filter", &label])
    }

    /// All containers of the project that run.
    pub fn running(&self) -> Vec<String> {
        self.list(&[])
    }

    fn list(&self, more: &[&str]) -> Vec<String> {
        let label = format!("label=com.docker.compose.project={}", self.project);
        // A container of `compose run` is none of the service's.
        let words = ["ps", "--format={{.Names}}", "--filter", &label];
        let text = self.docker(&[&words, more].concat());
        let mut names: Vec<_> = text.lines().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// The container's own health check, made now: the engine makes it every few seconds only. `None` where there is none.
    pub fn is_healthy(&self, container: &str) -> Option<bool> {
        let format = "--format={{json .Config.Healthcheck}}";
        let text = self.docker(&["inspect", format, container]);
        let check: Value = serde_json::from_str(&text).expect("JSON");
        let words: Vec<String> = serde_json::from_value(check.get("Test")?.clone()).ok()?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ["CMD", words @ ..] = words.as_slice() else {
            panic!("{container}: a health check of another kind: {words:?}");
        };
        Some(self.try_docker(&[&["exec", container], words].concat()).0)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                let words = ["logs", "--no-color", "--tail=15"];
                eprintln!("{}", self.compose(&words));
            }));
        }
        let mut command = Command::new(self.program[0]);
        command
            .args(&self.program[1..])
            .args(["--project-name", &self.project])
            .args(["--profile", "watch", "--profile", "one", "--profile", "ask"])
            .args(["down", "--volumes", "--remove-orphans", "--timeout=2"])
            .envs(self.environment.iter().cloned())
            .current_dir(workspace());
        let _ = run(&mut command);
    }
}

pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the workspace").to_owned()
}

fn run(command: &mut Command) -> Output {
    command
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"))
}

/// Standard output; a log has its lines on both.
#[track_caller]
fn succeed(command: &mut Command) -> String {
    let output = run(command);
    assert!(output.status.success(), "{command:?}: {}", text_of(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
