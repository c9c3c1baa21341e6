//! How the `git` program is run: in the workspace, in English, and never in the repository of a hook that calls us.

use std::ffi::OsStr;
use std::io;
use std::process::{Command, Output, Stdio};

use super::{Answer, Git, GitFault};

impl Git {
    pub(super) fn ask(&self, arguments: &[&str]) -> Answer {
        self.run(arguments, None, &[]).map(text)
    }

    pub(super) fn run(
        &self,
        arguments: &[&str],
        input: Option<&[u8]>,
        variables: &[(&str, &OsStr)],
    ) -> Answer<Output> {
        let mut command = Command::new(self.program);
        command
            .arg("-C")
            .arg(&self.workspace)
            .args(arguments)
            .env("LC_ALL", "C")
            .stdin(if input.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Set where a hook of git calls this command: they mean another repository than the workspace's.
        for key in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(key);
        }
        command.envs(variables.iter().copied());
        let output = feed(command, input).map_err(GitFault::Missing)?;
        if output.status.success() {
            return Ok(output);
        }
        Err(GitFault::Failed {
            command: arguments.first().copied().unwrap_or_default().to_owned(),
            said: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        })
    }
}

fn feed(mut command: Command, input: Option<&[u8]>) -> io::Result<Output> {
    let mut child = command.spawn()?;
    if let (Some(mut stdin), Some(input)) = (child.stdin.take(), input) {
        io::Write::write_all(&mut stdin, input)?;
    }
    child.wait_with_output()
}

pub(super) fn text(output: Output) -> String {
    String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned()
}
