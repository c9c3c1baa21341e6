//! Lines to and from the stage.
//!
//! The learner's code runs in that process too, and may print what it likes, lines that look like answers included. So
//! each answer carries a word that only the stage was told.

use std::process::Stdio;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::sync::{Mutex, mpsc};

use super::Ready;
use crate::{Case, Failure, Panic, Plan};

/// From the start of the program to its word that all is up; and for each later question.
const PATIENCE: Duration = Duration::from_secs(30);
/// What a program said on standard error, kept for who asks why it ended.
const KEPT: usize = 4_000;
/// Answers after this are not read: the program under judgement may print one line without end.
const BYTES_READ: u64 = 256_000_000;

pub(super) struct Channel {
    both: Mutex<(ChildStdin, mpsc::Receiver<Value>)>,
    said: Arc<std::sync::Mutex<String>>,
    word: String,
    /// Ends with this value: nothing that was started outlives its criterion.
    _child: Child,
    /// Where it puts its stores and logs: a program that is killed removes nothing itself.
    _folder: TempDir,
}

impl Channel {
    pub async fn open(case: Case) -> Result<Self, Failure> {
        let broken =
            |error: std::io::Error| Failure::Broken(format!("{}: {error}", super::PROGRAM));
        let folder = tempfile::tempdir().map_err(broken)?;
        let child = case
            .programs
            .command(super::PROGRAM)
            .envs(["TMPDIR", "TMP", "TEMP"].map(|key| (key, folder.path())))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn();
        let mut child = child.map_err(broken)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(stdin), Some(stdout), Some(stderr)) = pipes else {
            return Err(Failure::Broken("the stage has no pipes".to_owned()));
        };
        let said = Arc::new(std::sync::Mutex::new(String::new()));
        let (sender, replies) = mpsc::channel(16);
        let word = uuid::Uuid::new_v4().to_string();
        tokio::spawn(listen(stdout, sender, word.clone(), case));
        tokio::spawn(keep(stderr, Arc::clone(&said)));
        Ok(Self {
            both: Mutex::new((stdin, replies)),
            said,
            word,
            _child: child,
            _folder: folder,
        })
    }

    pub async fn begin(&mut self, plan: &Plan) -> Result<Ready, Failure> {
        let first = json!({"word": self.word, "plan": plan});
        let answer = self.exchange(first).await;
        let answer = answer.ok_or_else(|| Failure::NotStarted {
            program: super::PROGRAM.to_owned(),
            said: self.said(),
        })?;
        if let Some(failed) = answer["failed"].as_str() {
            return Err(Failure::NotStarted {
                program: answer["service"].as_str().unwrap_or_default().to_owned(),
                said: failed.to_owned(),
            });
        }
        serde_json::from_value(answer["ready"].clone())
            .map_err(|error| Failure::Broken(format!("the stage's first words: {error}")))
    }

    pub async fn ask(&self, question: Value) -> Result<Value, Failure> {
        let answer = self.exchange(question).await;
        let answer = answer.ok_or_else(|| Failure::WentAway {
            program: super::PROGRAM.to_owned(),
            said: self.said(),
        })?;
        match answer["refused"].as_str() {
            Some(refused) => Err(Failure::Broken(refused.to_owned())),
            None => Ok(answer),
        }
    }

    async fn exchange(&self, question: Value) -> Option<Value> {
        let mut both = self.both.lock().await;
        let (stdin, replies) = &mut *both;
        let answered = async {
            stdin
                .write_all(format!("{question}\n").as_bytes())
                .await
                .ok()?;
            stdin.flush().await.ok()?;
            replies.recv().await
        };
        tokio::time::timeout(PATIENCE, answered)
            .await
            .ok()
            .flatten()
    }

    fn said(&self) -> String {
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        said.trim().to_owned()
    }
}

/// Answers go to who asked; a panic goes to the case, whoever waits for what.
async fn listen(stdout: ChildStdout, replies: mpsc::Sender<Value>, word: String, case: Case) {
    let mut lines = BufReader::new(stdout.take(BYTES_READ)).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        let value = serde_json::from_str::<Value>(&line).unwrap_or_default();
        if value["word"] != word.as_str() {
            continue;
        }
        match serde_json::from_value::<Panic>(value["panic"].clone()) {
            Ok(panic) => case.panicked(panic),
            Err(_) if replies.send(value).await.is_err() => return,
            Err(_) => {}
        }
    }
}

async fn keep(mut stderr: impl tokio::io::AsyncRead + Unpin, said: Arc<std::sync::Mutex<String>>) {
    let mut buffer = [0; 1_024];
    while let Ok(read @ 1..) = stderr.read(&mut buffer).await {
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.len() < KEPT {
            said.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    }
}
