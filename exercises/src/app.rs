//! A small program of a lab's own, as in labs 01 and 02.

use std::process::Stdio;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::visitor::{PATIENCE, Visitor};
use crate::{Case, Failure, Panic};

/// From the start of the program to its address.
const START: Duration = Duration::from_secs(15);
const LINES_KEPT: usize = 1_000;

pub struct App {
    pub name: String,
    /// `http://127.0.0.1:49152`
    pub url: String,
    said: Arc<std::sync::Mutex<Vec<String>>>,
    /// Ends with this value.
    _child: Child,
}

impl App {
    /// The program is to listen where `LISTEN_ADDR` says (a free port of loopback) and to say, on a line of standard output,
    /// the address that it got: `http://127.0.0.1:49152` anywhere in the line.
    pub(crate) async fn start(
        case: &Case,
        program: &str,
        environment: &[(&str, &str)],
    ) -> Result<Self, Failure> {
        service_kit::process::install_crypto_provider();
        let path = case.programs.of(program);
        let child = Command::new(&path)
            .env("LISTEN_ADDR", "127.0.0.1:0")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child =
            child.map_err(|error| Failure::Broken(format!("{}: {error}", path.display())))?;
        let said = Arc::new(std::sync::Mutex::new(Vec::new()));
        let (sender, address) = tokio::sync::oneshot::channel();
        if let Some(stderr) = child.stderr.take() {
            tokio::spawn(listen(stderr, Arc::clone(&said), None, case.clone()));
        }
        if let Some(stdout) = child.stdout.take() {
            tokio::spawn(listen(
                stdout,
                Arc::clone(&said),
                Some(sender),
                case.clone(),
            ));
        }
        match tokio::time::timeout(START, address).await {
            Ok(Ok(url)) => Ok(Self {
                name: program.to_owned(),
                url,
                said,
                _child: child,
            }),
            _ => Err(Failure::NotStarted {
                program: program.to_owned(),
                said: text_of(&said),
            }),
        }
    }

    /// Somebody who calls it. `shown` is where a reader's own app listens: `http://localhost:8081`.
    pub fn visitor(&self, shown: &str) -> Result<Visitor, Failure> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build();
        let client = client.map_err(|error| Failure::Broken(error.to_string()))?;
        Ok(Visitor::new(client, self.url.clone()).shown_at(shown))
    }

    /// Everything that it printed so far.
    pub fn said(&self) -> String {
        text_of(&self.said)
    }
}

fn text_of(said: &std::sync::Mutex<Vec<String>>) -> String {
    let said = said.lock().unwrap_or_else(PoisonError::into_inner);
    said.join("\n")
}

async fn listen(
    pipe: impl tokio::io::AsyncRead + Unpin,
    said: Arc<std::sync::Mutex<Vec<String>>>,
    mut address: Option<tokio::sync::oneshot::Sender<String>>,
    case: Case,
) {
    let mut lines = BufReader::new(pipe).lines();
    let mut place = None;
    while let Ok(Some(line)) = lines.next_line().await {
        // The standard library's words: the place on one line, what was said on the next.
        match place.take() {
            Some(place) => case.panicked(Panic {
                place,
                text: line.clone(),
            }),
            None => place = panic_place(&line),
        }
        if let Some(url) = url_in(&line)
            && let Some(sender) = address.take()
        {
            let _ = sender.send(url);
        }
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() < LINES_KEPT {
            said.push(line);
        }
    }
}

/// `thread 'main' (12) panicked at src/main.rs:3:5:`
fn panic_place(line: &str) -> Option<String> {
    let (before, place) = line.split_once(" panicked at ")?;
    before
        .starts_with("thread '")
        .then(|| place.trim_end_matches(':').to_owned())
}

fn url_in(line: &str) -> Option<String> {
    let start = line.find("http://").or_else(|| line.find("https://"))?;
    let url = line[start..].split_whitespace().next()?;
    Some(url.trim_end_matches(['/', '.', ',']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_whatever_sentence() {
        for line in [
            "http://127.0.0.1:49152",
            "Le badge est prêt : http://127.0.0.1:49152/.",
            "listening on http://127.0.0.1:49152, stop with Ctrl-C",
        ] {
            assert_eq!(url_in(line).as_deref(), Some("http://127.0.0.1:49152"));
        }
        assert_eq!(url_in("ready"), None);
    }

    #[test]
    fn a_panic_is_seen_with_its_place() {
        let line = "thread 'tokio-rt-worker' (41) panicked at app/src/main.rs:7:9:";
        assert_eq!(panic_place(line).as_deref(), Some("app/src/main.rs:7:9"));
        assert_eq!(panic_place("nobody panicked at all"), None);
    }
}
