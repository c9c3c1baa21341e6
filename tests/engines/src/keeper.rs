//! Runs a server of this system that ends with the test process, however that ends.
//!
//! Statics of a test process are never dropped, and a killed one does nothing at all. So the server is the child of a
//! small shell that waits for a line on its standard input: the pipe's other end is ours, and the system closes it when
//! we are gone. (On Linux alone there would be a signal for that; macOS has none.)

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::unprivileged;

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
    /// Starts `server`, as `user` where one is given, with its log in `folder`; `signal` ends it (`QUIT`, `KILL`, ...).
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
        leave_the_group(&mut shell);
        unprivileged::become_user(&mut shell, user);
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
fn leave_the_group(shell: &mut Command) {
    use std::os::unix::process::CommandExt;
    shell.process_group(0);
}

#[cfg(not(unix))]
fn leave_the_group(_: &mut Command) {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn start() -> (Keeper, PathBuf) {
        let folder = tempfile::tempdir().expect("a temporary folder").keep();
        let server = ["sleep", "1000"].map(OsStr::new);
        let keeper = Keeper::start(&folder, "TERM", &server, None).expect("a shell");
        (keeper, folder)
    }

    #[test]
    fn a_server_ends_and_its_folder_goes_when_the_test_process_is_gone() {
        let (mut keeper, folder) = start();
        // All that the system does for a killed process: it closes its files.
        drop(keeper.shell.stdin.take());
        keeper
            .shell
            .wait()
            .expect("the shell ends, and it waits for its server");
        assert!(!folder.exists());
    }

    #[test]
    fn the_folder_stays_for_a_server_that_is_to_come_back() {
        let (keeper, folder) = start();
        keeper.end(End::Keep);
        assert!(folder.exists());
        std::fs::remove_dir_all(folder).expect("it is ours");
    }
}
