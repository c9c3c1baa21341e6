//! A server from the programs `initdb` and `postgres` of this system, with its data in a temporary folder.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::keeper::{End, Keeper};
use crate::program::{bins_under, find_program, free_port};
use crate::unprivileged;

/// From the start to the first answer. It takes half a second; a machine that is busy with a build takes longer.
const STARTS_WITHIN: Duration = Duration::from_secs(30);

/// Nothing outlives the machine, so nothing is forced to the disk; what was committed does outlive the server. `deadlock_timeout`: a deadlock shall show at once.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "full_page_writes=off",
    "max_connections=400",
    "shared_buffers=32MB",
    "jit=off",
    "deadlock_timeout=100ms",
];

const CERTIFICATE: &str = "server.crt";
const KEY: &str = "server.key";
const TLS: &[&str] = &[
    "ssl=on",
    "ssl_cert_file=server.crt",
    "ssl_key_file=server.key",
    "ssl_min_protocol_version=TLSv1.3",
];

/// What the server writes when it cannot have its port.
const PORT_TAKEN: &str = "could not create any TCP/IP sockets";

/// A running server. Dropped, it ends and its folder goes.
#[derive(Debug)]
pub struct PostgresServer {
    postgres: PathBuf,
    folder: PathBuf,
    user: Option<u32>,
    port: u16,
    password: String,
    with_tls: bool,
    keeper: Mutex<Option<Keeper>>,
}

/// PEM files of a server that speaks TLS; who does not ask for it is served without.
#[derive(Debug, Clone)]
pub struct PostgresTls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

impl PostgresServer {
    /// # Errors
    /// What is missing, in words for who reads why a test was skipped.
    pub(super) async fn start(tls: Option<&PostgresTls>) -> Result<Self, String> {
        let (initdb, postgres) = programs().ok_or(
            "initdb and postgres are not installed (Debian: apt install postgresql; macOS: brew install postgresql)",
        )?;
        let user = unprivileged::user();
        let folder = unprivileged::folder("escale-postgres-", user)?;
        // Other people of this machine can reach the port, and who is the database's administrator runs programs.
        let password = Uuid::new_v4().simple().to_string();
        let mut server = Self {
            postgres,
            folder,
            user,
            port: free_port(),
            password,
            with_tls: tls.is_some(),
            keeper: Mutex::new(None),
        };
        server.make_files(&initdb)?;
        if let Some(tls) = tls {
            server.take(&tls.certificate, CERTIFICATE)?;
            server.take(&tls.key, KEY)?;
        }
        let mut started = server.restart().await;
        // Between the choice of a port and its use, another program may take it.
        for _ in 0..3 {
            if !started
                .as_ref()
                .is_err_and(|told| told.contains(PORT_TAKEN))
            {
                break;
            }
            server.port = free_port();
            started = server.restart().await;
        }
        started.map(|()| server)
    }

    /// A copy of a file, for the server alone: it refuses a key that others may read.
    fn take(&self, file: &Path, name: &str) -> Result<(), String> {
        let own = self.folder.join("data").join(name);
        fs::copy(file, &own).map_err(|error| format!("{}: {error}", file.display()))?;
        unprivileged::give(&own, self.user)
    }

    /// Texts are ordered as people of a country order them, where this build of PostgreSQL can: there hyphens and case
    /// count for little, and who relies on the order of bytes is found out.
    fn make_files(&self, initdb: &Path) -> Result<(), String> {
        let by_people = ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"];
        self.initdb(initdb, &by_people)
            .or_else(|_| self.initdb(initdb, &["--locale=C"]))
    }

    /// `md5`: a test opens hundreds of connections, and SCRAM's 4,096 rounds take an unoptimised build 50 ms for each.
    fn initdb(&self, initdb: &Path, locale: &[&str]) -> Result<(), String> {
        let password = self.folder.join("password");
        fs::write(&password, &self.password)
            .map_err(|error| format!("no password file: {error}"))?;
        unprivileged::give(&password, self.user)?;
        let mut command = Command::new(initdb);
        command
            .arg("--pgdata")
            .arg(self.folder.join("data"))
            .arg("--pwfile")
            .arg(&password)
            .args([
                "--username=escale",
                "--auth=md5",
                "--no-sync",
                "--encoding=UTF8",
            ])
            .args(locale)
            .current_dir(&self.folder);
        unprivileged::become_user(&mut command, self.user);
        let made = command
            .output()
            .map_err(|error| format!("initdb does not run: {error}"))?;
        if made.status.success() {
            return Ok(());
        }
        let told = String::from_utf8_lossy(&made.stderr);
        Err(format!("initdb failed: {}", told.trim()))
    }

    /// The URL of its database, without parameters.
    pub fn url(&self) -> String {
        self.url_at(self.port)
    }

    /// The same through another port of this machine: a [`crate::Link`].
    pub fn url_at(&self, port: u16) -> String {
        format!(
            "postgres://escale:{}@127.0.0.1:{port}/postgres",
            self.password
        )
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends it as a power cut does: no goodbye to its clients, the log of changes is read at the next start.
    pub fn kill(&self) {
        let keeper = self.keeper.lock().expect("no panic before").take();
        if let Some(keeper) = keeper {
            keeper.end(End::Keep);
        }
    }

    /// Starts it after [`PostgresServer::kill`], on the same port; it answers when this returns.
    ///
    /// # Errors
    /// It does not answer; the last lines of its log.
    pub async fn restart(&self) -> Result<(), String> {
        let keeper = self.run().map_err(|error| format!("no shell: {error}"))?;
        let deadline = Instant::now() + STARTS_WITHIN;
        while let Err(error) = self.ask().await {
            let log = keeper.log();
            if Instant::now() > deadline || log.contains(PORT_TAKEN) {
                return Err(format!(
                    "postgres does not answer ({error}); its log:\n{log}"
                ));
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        *self.keeper.lock().expect("no panic before") = Some(keeper);
        Ok(())
    }

    fn run(&self) -> std::io::Result<Keeper> {
        let data = self.folder.join("data");
        let port = format!("port={}", self.port);
        let mut server: Vec<&OsStr> = vec![self.postgres.as_ref(), "-D".as_ref(), data.as_ref()];
        let tls: &[&str] = if self.with_tls { TLS } else { &[] };
        let settings = SETTINGS.iter().chain(tls).copied();
        for setting in settings.chain([port.as_str()]) {
            server.extend([OsStr::new("-c"), OsStr::new(setting)]);
        }
        Keeper::start(&self.folder, "QUIT", &server, self.user)
    }

    async fn ask(&self) -> Result<(), sqlx::Error> {
        PgConnection::connect(&self.url()).await?.close().await
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        if let Ok(keeper) = self.keeper.get_mut() {
            drop(keeper.take());
        }
        // The keeper has done that, unless the server was killed or never came up.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// `initdb` and `postgres` of one installation: on the PATH, or where Debian, Red Hat and Homebrew put them.
fn programs() -> Option<(PathBuf, PathBuf)> {
    if !cfg!(unix) {
        return None;
    }
    let mut folders = bins_under("/usr/lib/postgresql");
    folders.push("/usr/pgsql/bin".into());
    for cellar in ["/opt/homebrew/opt", "/usr/local/opt"] {
        let mut kegs = bins_under(cellar);
        kegs.retain(|bin| bin.to_string_lossy().contains("/postgresql"));
        folders.extend(kegs);
    }
    let initdb = find_program("initdb", folders)?;
    let postgres = initdb.with_file_name("postgres");
    postgres.is_file().then_some((initdb, postgres))
}
