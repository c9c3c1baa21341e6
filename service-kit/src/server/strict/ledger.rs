//! What the two ends of one connection tell each other: the reader of its bytes, and the service that answers.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::Fault;
use super::refusal::{Refusal, note};
use crate::error::Language;

/// Shared by the reader and the service of a connection.
#[derive(Debug)]
pub(in crate::server) struct Ledger {
    remote: SocketAddr,
    /// The request, counted from 1, that was refused where it was read; there is at most one, the last.
    refused: OnceLock<(u64, Refusal)>,
    calls: AtomicU64,
    /// Answers whose next piece has to come from us, not go to the peer.
    unfinished: AtomicUsize,
}

impl Ledger {
    pub(in crate::server) fn of(remote: SocketAddr) -> Self {
        Self {
            remote,
            refused: OnceLock::new(),
            calls: AtomicU64::new(0),
            unfinished: AtomicUsize::new(0),
        }
    }

    /// The reader has stopped at this request; the service shall answer it so.
    pub(super) fn refuse(&self, number: u64, fault: Fault, language: Language) {
        let refusal = Refusal::new(fault, language);
        note(self.remote, fault, Some(&refusal));
        // The first fault ends the connection: there is no second.
        let _ = self.refused.set((number, refusal));
    }

    /// A connection that can be told nothing any more.
    pub(super) fn give_up(&self, fault: Fault) {
        note(self.remote, fault, None);
    }

    /// The service is asked for one more request: what shall be answered without it.
    pub(super) fn next_call(&self) -> Option<&Refusal> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed) + 1;
        let (refused, refusal) = self.refused.get()?;
        (*refused == number).then_some(refusal)
    }

    pub(super) fn remote(&self) -> SocketAddr {
        self.remote
    }

    pub(super) fn wait_for_us(&self) {
        self.unfinished.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn go_on(&self) {
        self.unfinished.fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn waits_for_us(&self) -> bool {
        self.unfinished.load(Ordering::Relaxed) > 0
    }
}
