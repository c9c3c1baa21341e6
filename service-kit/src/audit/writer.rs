//! The task that writes the log, and the handle by which the layers speak to it.
//!
//! - A sensitive action waits until its first record is durable: one `fsync` for all that wait at that moment. If that
//!   cannot be done it is refused. The place of its last record in the queue is kept for it from then on.
//! - A refusal never waits, nor does a note. When its minute is full ([`super::refusal_budget`]) or the queue is half full, it is
//!   counted instead, and one record a minute tells how many were. Refusals are made durable with the next sensitive
//!   action, or after a quarter of a second.

mod batch;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{self, OwnedPermit, Receiver, Sender};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::config::AuditConfig;
use super::event::Event;
use super::journal::{AuditError, Journal};
use super::refusal_budget::RefusalBudget;
use crate::lifecycle::Lifecycle;
use batch::Batcher;

/// Records that wait to be written; two places for each sensitive action that runs.
const QUEUE: usize = 8_192;
const LARGEST_BATCH: usize = 512;
/// What is written and not yet durable is so after this.
const SYNC_AFTER: Duration = Duration::from_millis(250);
/// How often the clock is looked at when nothing happens.
const IDLE: Duration = Duration::from_secs(1);
/// A sensitive action waits no longer for its first record.
const PATIENCE: Duration = Duration::from_secs(5);

/// The audit log does not take records now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the audit log cannot be written: {0}")]
pub struct Unavailable(&'static str);

enum Message {
    Record(Event, Option<oneshot::Sender<bool>>),
    Close(oneshot::Sender<()>),
}

/// Clones speak to the same task.
#[derive(Clone)]
pub struct Audit {
    queue: Sender<Message>,
    budget: Arc<RefusalBudget>,
}

/// A sensitive action whose first record is durable.
pub struct Begun(OwnedPermit<Message>);

impl Begun {
    /// The last record. It has its place, so this neither waits nor fails.
    pub fn end(self, event: Event) {
        self.0.send(Message::Record(event, None));
    }
}

impl Audit {
    /// Opens the log (see [`super::journal`]) and starts its task.
    ///
    /// # Errors
    /// A log that is not as its anchor says, is in use, or cannot be written.
    pub fn open(config: &AuditConfig, life: &Lifecycle) -> Result<Self, AuditError> {
        let budget = Arc::new(RefusalBudget::default());
        let (mut journal, notes) = Journal::open(config, life.clock.now())?;
        journal.append(&notes)?;
        journal.sync()?;
        journal.anchor()?;
        let (queue, messages) = mpsc::channel(QUEUE);
        let batcher = Batcher::new(journal, life.clock.clone(), Arc::clone(&budget));
        life.spawn(run(messages, batcher));
        Ok(Self { queue, budget })
    }

    /// The first record of a sensitive action; returns when it is durable.
    ///
    /// # Errors
    /// It is not, so the action must not take place.
    pub async fn begin(&self, event: Event) -> Result<Begun, Unavailable> {
        let begun = async {
            let place = self.place().await?;
            self.record(event).await?;
            Ok(Begun(place))
        };
        timeout(PATIENCE, begun)
            .await
            .unwrap_or(Err(Unavailable("it is too slow")))
    }

    /// A single record; returns when it is durable.
    ///
    /// # Errors
    /// It is not.
    pub async fn record(&self, event: Event) -> Result<(), Unavailable> {
        let (done, durable) = oneshot::channel();
        self.place().await?.send(Message::Record(event, Some(done)));
        match timeout(PATIENCE, durable).await {
            Ok(Ok(true)) => Ok(()),
            Ok(_) => Err(Unavailable("the write failed")),
            Err(_) => Err(Unavailable("it is too slow")),
        }
    }

    /// A refusal. Never waits: it is counted where it cannot be recorded.
    pub fn refused(&self, event: Event) {
        self.offer(event);
    }

    /// Something that the platform does by itself, and that nothing waits for: as a refusal, with a share of its own, so
    /// that no flood of refusals hides it.
    pub fn note(&self, event: Event) {
        self.offer(event);
    }

    fn offer(&self, event: Event) {
        let has_place = self.queue.capacity() > QUEUE / 2 && self.budget.allows(&event);
        let record = Message::Record(event, None);
        if !has_place || self.queue.try_send(record).is_err() {
            self.budget.miss(1);
        }
    }

    /// Writes what waits, and ends the task. Later records are refused.
    pub async fn close(&self) {
        let (done, closed) = oneshot::channel();
        if self.queue.send(Message::Close(done)).await.is_ok() {
            // An error: the task has ended already.
            let _ = closed.await;
        }
    }

    async fn place(&self) -> Result<OwnedPermit<Message>, Unavailable> {
        let place = self.queue.clone().reserve_owned().await;
        place.map_err(|_| Unavailable("it is closed"))
    }
}

async fn run(mut messages: Receiver<Message>, mut batcher: Batcher) {
    loop {
        let pause = if batcher.is_all_durable() {
            IDLE
        } else {
            SYNC_AFTER
        };
        let mut received = Vec::new();
        let got = timeout(pause, messages.recv_many(&mut received, LARGEST_BATCH)).await;
        let mut closed = None;
        let mut records = Vec::new();
        for message in received {
            match message {
                Message::Record(event, waiting) => records.push((event, waiting)),
                Message::Close(done) => closed = Some(done),
            }
        }
        let ends = closed.is_some() || got == Ok(0);
        // Files block, and an fsync takes milliseconds.
        let worked = tokio::task::spawn_blocking(move || {
            batcher.work(records, ends);
            batcher
        });
        match worked.await {
            Ok(back) => batcher = back,
            Err(error) => {
                tracing::error!(%error, "the audit log's task ended: sensitive actions are refused from now on");
                return;
            }
        }
        if ends {
            // Only now, so that who waits for the end finds the files closed.
            drop(batcher);
            closed.map(|done| done.send(()));
            return;
        }
    }
}
