//! What tells the supervisor to stop: Ctrl-C, SIGTERM, the end of its terminal.

use std::io;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens from its making on: a signal that comes before [`StopSignals::recv`] is not lost.
pub struct StopSignals {
    #[cfg(unix)]
    interrupt: Signal,
    #[cfg(unix)]
    terminate: Signal,
    #[cfg(unix)]
    hang_up: Signal,
    #[cfg(windows)]
    interrupt: tokio::signal::windows::CtrlC,
    #[cfg(windows)]
    close: tokio::signal::windows::CtrlClose,
    #[cfg(windows)]
    shutdown: tokio::signal::windows::CtrlShutdown,
    #[cfg_attr(
        windows,
        expect(
            dead_code,
            reason = "Windows tells a detached process of no terminal's end"
        )
    )]
    detached: bool,
}

impl StopSignals {
    /// A detached supervisor outlives the terminal from which it was started.
    #[cfg(unix)]
    pub fn listen(detached: bool) -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            detached,
        })
    }

    #[cfg(windows)]
    pub fn listen(detached: bool) -> io::Result<Self> {
        use tokio::signal::windows::{ctrl_c, ctrl_close, ctrl_shutdown};
        Ok(Self {
            interrupt: ctrl_c()?,
            close: ctrl_close()?,
            shutdown: ctrl_shutdown()?,
            detached,
        })
    }

    /// Resolves at the next signal to stop.
    #[cfg(unix)]
    pub async fn recv(&mut self) {
        loop {
            tokio::select! {
                _ = self.interrupt.recv() => return,
                _ = self.terminate.recv() => return,
                _ = self.hang_up.recv() => if !self.detached { return },
            }
        }
    }

    #[cfg(windows)]
    pub async fn recv(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.close.recv() => {}
            _ = self.shutdown.recv() => {}
        }
    }
}
