//! A command with a limit of time, and an end of all that it started.

use std::io;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;

/// More than this of what a command prints is thrown away.
const KEPT: u64 = 4_000_000;

/// What is heard after the end, should somebody who escaped hold the pipe open.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub struct Ended {
    /// None: the time was over.
    pub status: Option<ExitStatus>,
    pub stdout: Vec<u8>,
}

/// Runs it in a process group of its own, and ends the group when the time is over: a compiler has a linker, a
/// submission may have children.
pub async fn run(mut command: Command, limit: Duration) -> io::Result<Ended> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    let mut child = command.spawn()?;
    let group = child.id();
    let heard = child.stdout.take().map(|stdout| tokio::spawn(hear(stdout)));
    let status = tokio::time::timeout(limit, child.wait()).await;
    // Also after a good end: a child that it left behind would disturb who comes next.
    end_group(group).await;
    let status = match status {
        Ok(status) => Some(status?),
        Err(_) => child.wait().await.map(|_| None)?,
    };
    let stdout = match heard {
        Some(heard) => tokio::time::timeout(PATIENCE, heard).await,
        None => Ok(Ok(Vec::new())),
    };
    let stdout = stdout.ok().and_then(Result::ok).unwrap_or_default();
    Ok(Ended { status, stdout })
}

/// To its end, though only a part is kept: a full pipe would stop the command.
async fn hear(stdout: impl AsyncRead + Unpin) -> Vec<u8> {
    let (mut kept, mut stdout) = (Vec::new(), stdout.take(KEPT));
    if stdout.read_to_end(&mut kept).await.is_ok() {
        let _ = tokio::io::copy(&mut stdout.into_inner(), &mut tokio::io::sink()).await;
    }
    kept
}

/// By the system's own program: to call the system itself would take `unsafe`.
async fn end_group(group: Option<u32>) {
    let Some(group) = group else { return };
    let mut command = if cfg!(windows) {
        let mut command = Command::new("taskkill");
        command.args(["/T", "/F", "/PID", &group.to_string()]);
        command
    } else {
        let mut command = Command::new("kill");
        command.args(["-KILL", "--", &format!("-{group}")]);
        command
    };
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    // A group that is gone already is what was wanted.
    let _ = quiet.status().await;
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn sh(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[tokio::test]
    async fn what_ends_in_time_is_heard() {
        let ended = run(sh("echo heard"), Duration::from_secs(20)).await;
        let ended = ended.expect("it runs");
        assert!(ended.status.is_some_and(|status| status.success()));
        assert_eq!(ended.stdout, b"heard\n");
    }

    #[tokio::test]
    async fn what_does_not_end_is_ended_with_its_children() {
        let forever = "sh -c 'while :; do :; done'";
        let ended = run(
            sh(&format!("echo begun; {forever} & {forever}")),
            Duration::from_secs(1),
        )
        .await;
        let ended = ended.expect("it runs");
        assert_eq!(ended.status, None);
        // Heard to its end: a child that still lived would hold the pipe open.
        assert_eq!(ended.stdout, b"begun\n");
    }

    #[tokio::test]
    async fn a_flood_of_words_neither_fills_the_memory_nor_stops_the_command() {
        let flood = sh("head -c 9000000 /dev/zero");
        let ended = run(flood, Duration::from_secs(30)).await;
        assert_eq!(ended.expect("it runs").stdout.len() as u64, KEPT);
    }
}
