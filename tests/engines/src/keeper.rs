//! Runs a server of this system that ends with the test process, however that ends.
//!
//! Statics of a test process are never dropped, and a killed one does nothing at all. So the server is the child of a
//! small shell that waits for a line on its standard input: the pipe's other end is ours, and the system closes it when
//! we are gone. (On Linux alone there would be a signal for that; macOS has none.)

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// `$1` the folder, `$2` the signal, the rest the server. It dies by `$2`; the folder stays for one that is to come
/// back, and goes otherwise.
const SCRIPT: &str = r#"
folder=$1 signal=$2; shift 2
"$@" </dev/null >>"$folder/log" 2>&1 &
server=$!
read -r order
kill "-$signal" "$server" 2>/dev/null
wait "$server"
[ "$order" = keep ] || rm -rf "$folder"
"#;

/// What becomes of a server's folder when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It stays: the server comes back with it.
    Keep,
    Remove,
}

/// A running server. Dropped, it ends.
#[derive(Debug)]
pub struct Keeper {
    shell: Child,
    folder: PathBuf,
}

impl Keeper {
    /// Starts `server` with its log in `folder`; `signal` ends it (`QUIT`, `KILL`, ...).
    ///
    /// # Errors
    /// There is no `/bin/sh`: on Windows, engines come from containers.
    pub fn start(
        folder: &Path,
        signal: &str,
        server: &[&OsStr],
        user: Option<u32>,
    ) -> std::io::Result<Self> {
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", SCRIPT, "keeper"])
            .arg(folder)
            .arg(signal)
            .args(server)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        become_another(&mut shell, user);
        Ok(Self {
            shell: shell.spawn()?,
            folder: folder.to_owned(),
        })
    }

    /// The last lines that the server wrote.
    pub fn log(&self) -> String {
        let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(20).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    pub fn is_running(&mut self) -> bool {
        matches!(self.shell.try_wait(), Ok(None))
    }

    /// Ends the server by its signal, and waits until it is gone.
    pub fn end(mut self, end: End) {
        self.order(end);
    }

    fn order(&mut self, end: End) {
        let Some(mut orders) = self.shell.stdin.take() else {
            return;
        };
        let order: &[u8] = match end {
            End::Keep => b"keep\n",
            End::Remove => b"remove\n",
        };
        let _ = orders.write_all(order);
        drop(orders);
        let _ = self.shell.wait();
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.order(End::Remove);
    }
}

/// A group of its own: Ctrl-C is for the tests, and the shell must live to end its server.
#[cfg(unix)]
fn become_another(shell: &mut Command, user: Option<u32>) {
    use std::os::unix::process::CommandExt;
    shell.process_group(0);
    if let Some(user) = user {
        shell.uid(user);
    }
}

#[cfg(not(unix))]
fn become_another(_: &mut Command, _: Option<u32>) {}
