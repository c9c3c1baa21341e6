//! One service as a process: started, watched until it is ready, stopped by closing its standard input.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{ChildStdin, Command};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::log_pump::pump;
use crate::environment::REMOVED;
use crate::log_files::LogWriter;
use crate::readiness::until_ready;
use crate::service::Service;
use crate::service_status::Ending;

/// A service that has not ended this long after its input closed is killed.
const KILL_AFTER: Duration = Duration::from_secs(10);

/// What it wrote last is waited for this long: a process of its own may hold the pipe open.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Everything that is needed to start a process.
pub(super) struct Launch {
    pub service: Service,
    pub generation: u64,
    pub program: PathBuf,
    pub variables: Vec<(&'static str, String)>,
    pub folder: PathBuf,
    pub admin: SocketAddr,
    pub log: LogWriter,
}

/// A running process, as its supervisor holds it. Dropped, it is stopped.
pub(super) struct Child {
    pub pid: Option<u32>,
    stop: Option<oneshot::Sender<()>>,
}

pub(super) struct Happened {
    pub service: Service,
    pub generation: u64,
    pub news: News,
}

pub(super) enum News {
    Ready,
    Ended(Ending),
}

impl Child {
    /// Tells the process to stop; that it has is told by [`News::Ended`].
    pub fn stop(&mut self) {
        self.stop.take();
    }
}

impl Launch {
    pub fn start(self, happened: mpsc::Sender<Happened>) -> io::Result<Child> {
        let mut process = self.command().spawn()?;
        let pid = process.id();
        let stdin = process.stdin.take();
        let out = process
            .stdout
            .take()
            .map(|stream| tokio::spawn(pump(stream, self.log.clone())));
        let err = process
            .stderr
            .take()
            .map(|stream| tokio::spawn(pump(stream, self.log.clone())));
        let (stop, told_to_stop) = oneshot::channel();
        let (service, generation) = (self.service, self.generation);
        let tell = move |news| Happened {
            service,
            generation,
            news,
        };

        let (admin, ready_told) = (self.admin, happened.clone());
        let readiness = tokio::spawn(async move {
            until_ready(admin).await;
            let _ = ready_told.send(tell(News::Ready)).await;
        });
        tokio::spawn(async move {
            let ended = tokio::select! {
                ended = process.wait() => Some(ended),
                _ = told_to_stop => None,
            };
            readiness.abort();
            let ended = match ended {
                Some(ended) => ended,
                None => stop_or_kill(&mut process, stdin).await,
            };
            for pump in [out, err].into_iter().flatten() {
                let _ = timeout(LAST_LINES, pump).await;
            }
            let ending = ended.map_or(Ending::Signal, Ending::from);
            let _ = happened.send(tell(News::Ended(ending))).await;
        });
        Ok(Child {
            pid,
            stop: Some(stop),
        })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(&self.folder)
            .envs(self.variables.iter().map(|(key, value)| (key, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        REMOVED.iter().for_each(|key| {
            command.env_remove(key);
        });
        // A Ctrl-C goes to every process of the terminal's group: it must reach the supervisor alone, which then
        // stops the services in good order.
        #[cfg(unix)]
        command.process_group(0);
        #[cfg(windows)]
        {
            const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
            const CREATE_NO_WINDOW: u32 = 0x0800_0000;
            command.creation_flags(CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW);
        }
        command
    }
}

async fn stop_or_kill(
    process: &mut tokio::process::Child,
    stdin: Option<ChildStdin>,
) -> io::Result<ExitStatus> {
    drop(stdin);
    match timeout(KILL_AFTER, process.wait()).await {
        Ok(ended) => ended,
        Err(_) => {
            process.start_kill()?;
            process.wait().await
        }
    }
}
