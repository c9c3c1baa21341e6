//! The other commands' side of the control channel.

use std::fmt::Display;
use std::io;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{Reply, Request};
use crate::console::Console;
use crate::layout::Layout;
use crate::outcome::Refusal;
use crate::state_file::StateFile;
use crate::texts::platform;

/// Windows takes two seconds to find out that nobody listens.
const PATIENCE: Duration = Duration::from_secs(5);

/// A stop waits for services to finish their requests, and kills after ten seconds.
const STOP_PATIENCE: Duration = Duration::from_secs(20);

/// An answer is longer than a request, but not by much.
const LONGEST_ANSWER: u64 = 64 * 1024;

/// Speaks to a supervisor; each request is a connection of its own.
pub struct Client {
    port: u16,
    secret: String,
}

/// A supervisor that runs: what its file says, how to ask it, and what it answered just now.
pub struct Found {
    pub state: StateFile,
    pub reply: Reply,
    client: Client,
    file: PathBuf,
}

impl Found {
    /// # Errors
    /// It was there a moment ago and does not answer now.
    pub async fn ask(&self, request: &Request, console: &Console) -> Result<Reply, Refusal> {
        let answered = self.client.ask(request).await;
        answered.map_err(|_| silent(self.state.pid, &self.file, console))
    }
}

impl Client {
    pub fn new(port: u16, secret: String) -> Self {
        Self { port, secret }
    }

    /// # Errors
    /// `ConnectionRefused`, `UnexpectedEof` or `InvalidData` when nobody, or somebody else, is there; `TimedOut` when
    /// the supervisor is there and does not answer.
    pub async fn ask(&self, request: &Request) -> io::Result<Reply> {
        let address = (Ipv4Addr::LOCALHOST, self.port);
        let stream = timeout(PATIENCE, TcpStream::connect(address)).await??;
        let (reading, mut writing) = stream.into_split();
        let lines = format!("{}\n{}\n", self.secret, serde_json::to_string(request)?);
        writing.write_all(lines.as_bytes()).await?;
        let mut answer = String::new();
        let mut reader = BufReader::new(reading.take(LONGEST_ANSWER));
        let patience = match request {
            Request::Stop { .. } => STOP_PATIENCE,
            Request::Status | Request::Start { .. } => PATIENCE,
        };
        timeout(patience, reader.read_line(&mut answer)).await??;
        if answer.is_empty() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(serde_json::from_str(&answer)?)
    }
}

/// Looks for the running supervisor. A state file that a killed one left behind is removed, and that is said.
///
/// # Errors
/// A supervisor that is there but does not answer.
pub async fn find(layout: &Layout, console: &Console) -> Result<Option<Found>, Refusal> {
    let Some(state) = StateFile::read(&layout.state()) else {
        return Ok(None);
    };
    let client = Client::new(state.control_port, state.control_secret.clone());
    match client.ask(&Request::Status).await {
        Ok(reply) => Ok(Some(Found {
            state,
            reply,
            client,
            file: layout.state(),
        })),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => {
            Err(silent(state.pid, &layout.state(), console))
        }
        Err(_) => {
            console.say(&platform::STALE_STATE, &[]);
            // Who cannot remove it will be told so when the next supervisor writes its own.
            let _ = StateFile::remove(&layout.state(), &state.control_secret);
            Ok(None)
        }
    }
}

fn silent(pid: u32, file: &Path, console: &Console) -> Refusal {
    let values: [(&str, &dyn Display); 2] = [("pid", &pid), ("file", &file.display())];
    Refusal::Check(console.text(&platform::NOT_ANSWERING, &values))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::Ports;
    use crate::texts::Lang;
    use service_kit::clock::Timestamp;

    #[tokio::test]
    async fn the_file_of_a_killed_supervisor_is_recognised_and_removed() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let layout = Layout::at(folder.path());
        let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let state = StateFile {
            pid: 1,
            control_port: gone.local_addr().expect("an address").port(),
            control_secret: "s".to_owned(),
            started_at: Timestamp(0),
            detached: true,
            release: false,
            ports: Ports::default(),
            services: Vec::new(),
        };
        drop(gone);
        state.write(&layout.state()).expect("written");
        let console = Console {
            lang: Lang::En,
            json: true,
            color: false,
            progress: false,
        };
        assert!(find(&layout, &console).await.expect("an answer").is_none());
        assert!(!layout.state().exists());
    }
}
