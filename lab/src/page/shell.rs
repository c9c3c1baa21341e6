//! One shell for all commands of a page, as a reader has one terminal: what a block sets, the next one knows.

use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use uuid::Uuid;

use super::block::Language;

/// The first `cargo lab` of a text may have something to build.
const PATIENCE: Duration = Duration::from_secs(180);

/// One stream; the first failure of a block, kept; no program that outlives the shell.
const BASH: &str = "exec 2>&1
set -o errtrace
trap 'failed=\"${failed:-$? from $BASH_COMMAND}\"' ERR
trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT
";

/// Blocks are read from a file, as what comes in on standard input is taken line by line. Only a failing cmdlet fails a block:
/// the PowerShell of Windows has no `||`, so a page cannot say that a program is meant to fail.
const POWERSHELL: &str = "$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
$PSStyle.OutputRendering = 'PlainText'
";

/// What a block of commands did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Standard output and error, as a terminal shows both.
    pub output: String,
    /// The first command that did not end well, with its exit code.
    pub failed: Option<String>,
}

pub struct Shell {
    language: Language,
    stdin: ChildStdin,
    lines: tokio::io::Lines<BufReader<ChildStdout>>,
    /// Ends what was said; no command prints it by chance.
    word: String,
    /// Holds the block that is run.
    folder: TempDir,
    /// Ends with this value, and [`Shell::close`] ends what it started.
    child: Child,
}

impl Shell {
    /// Bash, as it can tell which command of a block failed, or PowerShell 7.
    ///
    /// # Errors
    /// It is not there.
    pub async fn open(
        language: Language,
        folder: &Path,
        environment: &[(String, String)],
    ) -> io::Result<Self> {
        let (program, arguments, begin): (_, &[_], _) = match language {
            Language::Sh => ("bash", &["--noprofile", "--norc"], BASH),
            Language::PowerShell => {
                let arguments = &["-NoLogo", "-NoProfile", "-NonInteractive", "-Command", "-"];
                ("pwsh", arguments, POWERSHELL)
            }
        };
        let own = TempDir::new()?;
        // As on a terminal, where curl shows no meter beside what it prints.
        std::fs::write(own.path().join(".curlrc"), "no-progress-meter\n")?;
        let mut child = Command::new(program)
            .args(arguments)
            .current_dir(folder)
            .env("CURL_HOME", own.path())
            .env_remove("LC_ALL")
            .envs(environment.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true)
            .spawn()?;
        let pipes = (child.stdin.take(), child.stdout.take());
        let (Some(stdin), Some(stdout)) = pipes else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let mut shell = Self {
            language,
            stdin,
            lines: BufReader::new(stdout).lines(),
            word: Uuid::new_v4().to_string(),
            folder: own,
            child,
        };
        shell.stdin.write_all(begin.as_bytes()).await?;
        Ok(shell)
    }

    /// Ends the shell, and with it what its commands left running: a text that fails in the middle never comes to the
    /// block that stops its programs.
    pub async fn close(self) -> io::Result<()> {
        let Self {
            stdin, mut child, ..
        } = self;
        drop(stdin);
        let ended = tokio::time::timeout(PATIENCE, child.wait()).await;
        ended.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        Ok(())
    }

    pub async fn run(&mut self, commands: &str) -> io::Result<Said> {
        let word = &self.word;
        let block = match self.language {
            // A command that reads its input must not read the commands that follow.
            Language::Sh => format!(
                "failed=\n{{\n{commands}\n}} </dev/null\nprintf '\\n%s %s\\n' {word} \"$failed\"\n"
            ),
            Language::PowerShell => {
                let file = self.folder.path().join("block.ps1");
                std::fs::write(&file, commands)?;
                let file = file.display();
                format!(
                    "$failed = ''; try {{ . '{file}' }} catch {{ $failed = \"$_\" -replace '\\s+', ' ' }}; [Console]::Out.WriteLine(\"`n{word} $failed\")\n"
                )
            }
        };
        self.stdin.write_all(block.as_bytes()).await?;
        self.stdin.flush().await?;
        let heard = tokio::time::timeout(PATIENCE, self.hear()).await;
        heard.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
    }

    async fn hear(&mut self) -> io::Result<Said> {
        let mut lines = Vec::new();
        while let Some(line) = self.lines.next_line().await? {
            if let Some(failed) = line.strip_prefix(&self.word) {
                // The line break that was put before the word is not the commands' own.
                let output = lines.join("\n");
                let failed = failed.trim();
                return Ok(Said {
                    output,
                    failed: (!failed.is_empty()).then(|| failed.to_owned()),
                });
            }
            lines.push(line);
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[tokio::test]
    async fn blocks_share_what_they_set_and_a_failing_command_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = [("NAME".to_owned(), "Zoé".to_owned())];
        let mut shell = Shell::open(Language::Sh, folder.path(), &name)
            .await
            .expect("bash");
        let said = shell.run("TOKEN=abc").await.expect("run");
        assert_eq!((said.output.as_str(), said.failed), ("", None));
        let said = shell.run("echo \"$TOKEN $NAME\"\necho err >&2").await;
        assert_eq!(said.expect("run").output, "abc Zoé\nerr\n");
        let said = shell.run("true\nls /nowhere-at-all\necho on").await;
        let said = said.expect("run");
        assert!(said.output.ends_with("on\n"), "{said:?}");
        assert!(said.failed.expect("ls").contains("/nowhere-at-all"));
        let said = shell.run("cat").await.expect("it reads nothing of ours");
        assert_eq!(said.output, "");
    }

    #[tokio::test]
    async fn blocks_of_powershell_share_what_they_set_and_a_failing_cmdlet_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let Ok(mut shell) = Shell::open(Language::PowerShell, folder.path(), &[]).await else {
            eprintln!("SKIPPED: pwsh is not installed");
            return;
        };
        let said = shell.run("$name = 'Zoé'\n$more = @(\n  1\n)").await;
        assert_eq!(said.expect("run").failed, None);
        let said = shell.run("\"$name $($more.Count)\"").await.expect("run");
        assert_eq!(said.output.trim(), "Zoé 1");
        let said = shell.run("Get-Item /nowhere-at-all").await.expect("run");
        assert!(said.failed.expect("Get-Item").contains("nowhere-at-all"));
        shell.close().await.expect("an end");
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_a_text_leaves_running_ends_with_its_shell() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut shell = Shell::open(Language::Sh, folder.path(), &[])
            .await
            .expect("bash");
        let said = shell.run("sleep 600 > /dev/null &\necho $!").await;
        let id = said.expect("run").output.trim().to_owned();
        shell.close().await.expect("an end");
        let alive = std::process::Command::new("kill")
            .args(["-0", &id])
            .output();
        assert!(!alive.expect("kill").status.success(), "{id} still runs");
    }
}
