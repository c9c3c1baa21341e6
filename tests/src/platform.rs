//! The platform as a user runs it: `cargo lab up` in a folder and on ports of its own, real processes.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Town, logs};

/// Services with their usual ports; a test's are drawn at random.
const SERVICES: [&str; 6] = ["gateway", "auth", "catalog", "booking", "payment", "bank"];

/// Admin ports stand this far above.
const ADMIN_OFFSET: u16 = 10_000;

pub struct Platform {
    home: TempDir,
    ports: Vec<(&'static str, u16)>,
}

impl Platform {
    /// An empty home: nothing runs yet.
    pub fn empty() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let first = free_ports(SERVICES.len() as u16);
        let ports = SERVICES.into_iter().zip(first..).collect();
        Self { home, ports }
    }

    /// Up, detached, and ready.
    pub fn up() -> Self {
        let platform = Self::empty();
        platform.begin(platform.up_command(&[]));
        platform
    }

    /// The same, with limits and a jail that nobody reaches.
    pub fn up_with_generous_limits() -> Self {
        let platform = Self::empty();
        let routes = platform.home().join("routes.toml");
        std::fs::write(&routes, Town::generous_routes()).expect("a route table");
        let mut command = platform.up_command(&[]);
        command.env("ROUTES_FILE", routes);
        platform.begin(command);
        platform
    }

    fn begin(&self, mut up: Command) {
        let output = up.stdin(Stdio::null()).output().expect("the lab runs");
        assert!(output.status.success(), "up failed: {}", text_of(&output));
        self.name_canaries();
    }

    /// `cargo lab up --detach` on this platform's ports.
    pub fn lab_up(&self, more: &[&str]) -> Output {
        let mut command = self.up_command(more);
        command.stdin(Stdio::null()).output().expect("the lab runs")
    }

    /// The same, for who has something to add to its environment, which the services inherit.
    pub fn up_command(&self, more: &[&str]) -> Command {
        let mut args = vec!["up".to_owned(), "--detach".to_owned()];
        for (service, port) in &self.ports {
            args.extend(["--port".to_owned(), format!("{service}={port}")]);
        }
        args.extend(more.iter().map(|arg| (*arg).to_owned()));
        self.command(&args.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub fn lab(&self, args: &[&str]) -> Output {
        self.command(args)
            .stdin(Stdio::null())
            .output()
            .expect("the lab runs")
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(lab_binary());
        command
            .args(args)
            .env("ESCALE_HOME", self.home.path())
            .env("LANG", "fr_FR.UTF-8");
        command
    }

    pub fn port(&self, service: &str) -> u16 {
        let found = self.ports.iter().find(|(name, _)| *name == service);
        found.expect("a service").1
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// What the supervisor wrote down of itself and of its services.
    pub fn state(&self) -> Value {
        let text = std::fs::read_to_string(self.home.path().join("data/run/state.json"));
        serde_json::from_str(&text.expect("a state file")).expect("JSON")
    }

    pub fn pid(&self, service: &str) -> u32 {
        let state = self.state();
        let services = state["services"].as_array().expect("a list of services");
        let found = services
            .iter()
            .find(|found| found["name"] == service)
            .expect("the service");
        u32::try_from(found["pid"].as_u64().expect("a pid")).expect("a pid")
    }

    /// Every log file of this platform goes through the suite's watcher.
    pub fn check_logs(&self) {
        let folder = self.home.path().join("data/logs");
        let files: Vec<_> = std::fs::read_dir(folder).expect("logs").flatten().collect();
        assert!(
            files.len() >= SERVICES.len(),
            "a log for each service: {files:?}"
        );
        for file in files {
            let text = std::fs::read_to_string(file.path()).expect("a text file");
            text.lines().for_each(|line| logs::watcher().search(line));
        }
        let audit = std::fs::read_to_string(self.home.path().join("data/audit/gateway.jsonl"));
        let audit = audit.expect("an audit log");
        audit.lines().for_each(|line| logs::watcher().search(line));
        logs::assert_clean();
    }

    fn name_canaries(&self) {
        let text = std::fs::read_to_string(self.home.path().join("data/accounts.json"));
        let accounts: Value = serde_json::from_str(&text.expect("accounts")).expect("JSON");
        let of = |list: &str, key: &str| -> Vec<String> {
            let list = accounts[list].as_array().expect("a list").iter();
            list.map(|entry| entry[key].as_str().expect("a text").to_owned())
                .collect()
        };
        let secrets = [
            of("accounts", "password"),
            of("accounts", "email"),
            of("clients", "secret"),
        ];
        secrets
            .concat()
            .iter()
            .for_each(|secret| logs::canary(secret));
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        let _ = self.lab(&["down"]);
    }
}

pub fn text_of(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{out}\n{err}")
}

/// Is this process alive? Asked of the system, without a signal.
pub fn is_alive(pid: u32) -> bool {
    if cfg!(windows) {
        let list = Command::new("tasklist")
            .args(["/FI", &format!("PID eq {pid}"), "/NH"])
            .output();
        return list.is_ok_and(|list| text_of(&list).contains(&pid.to_string()));
    }
    let state = Command::new("ps")
        .args(["-o", "stat=", "-p", &pid.to_string()])
        .output();
    state.is_ok_and(|state| {
        let state = String::from_utf8_lossy(&state.stdout).trim().to_owned();
        // A zombie has ended; only its parent has not asked yet.
        !state.is_empty() && !state.starts_with('Z')
    })
}

/// Ends one process at once, as a crash would (`SIGKILL`). Only for processes that this platform started.
pub fn kill(pid: u32) {
    let done = if cfg!(windows) {
        Command::new("taskkill")
            .args(["/F", "/PID", &pid.to_string()])
            .status()
    } else {
        Command::new("kill").args(["-9", &pid.to_string()]).status()
    };
    assert!(done.expect("a way to end processes").success());
}

/// The lab's binary, built once; `up` builds the services itself.
pub fn lab_binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let built = Command::new(cargo)
            .args([
                "build",
                "--quiet",
                "--package",
                "escale-lab",
                "--bin",
                "lab",
            ])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .status();
        assert!(
            built.expect("cargo runs").success(),
            "the lab does not build"
        );
        let test = std::env::current_exe().expect("the test's own path");
        let profile = test
            .ancestors()
            .nth(2)
            .expect("target/<profile>/deps/<test>");
        profile.join(format!("lab{}", std::env::consts::EXE_SUFFIX))
    })
}

/// The first of `count` ports in a row that are free now, with their admin ports. All below those that Linux lends to
/// outgoing connections: one of these may be taken between this look and the service's start.
fn free_ports(count: u16) -> u16 {
    let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
    for _ in 0..1000 {
        let drawn = uuid::Uuid::new_v4().as_u128() % 10_000;
        let first = 12_000 + u16::try_from(drawn).expect("less than 10,000");
        if (first..first + count).all(|port| free(port) && free(port + ADMIN_OFFSET)) {
            return first;
        }
    }
    panic!("no free ports");
}
