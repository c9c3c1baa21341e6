//! The life of a running service: its clock, the signal to stop, and whether it is ready.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::traces::Traces;

/// Given to a service by who starts it: `main`, or a test. Clones share one life.
#[derive(Clone)]
pub struct Lifecycle {
    pub clock: Clock,
    /// What `/metrics` shows; `None` where the starter collects none.
    pub metrics: Option<PrometheusHandle>,
    /// Where spans go; `None` where nobody has asked for them.
    pub traces: Option<Traces>,
    stop: CancellationToken,
    tasks: TaskTracker,
    ready: watch::Sender<bool>,
}

impl Lifecycle {
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            metrics: None,
            traces: None,
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            ready: watch::Sender::new(false),
        }
    }

    pub fn stop(&self) {
        self.stop.cancel();
    }

    /// Resolves when the service has been told to stop.
    pub async fn stopped(&self) {
        self.stop.cancelled().await;
    }

    pub fn is_stopping(&self) -> bool {
        self.stop.is_cancelled()
    }

    pub fn set_ready(&self) {
        self.ready.send_replace(true);
    }

    /// Ready to answer, and not told to stop.
    pub fn is_ready(&self) -> bool {
        *self.ready.borrow() && !self.is_stopping()
    }

    /// Resolves when the service answers requests.
    pub async fn ready(&self) {
        // The sender is a part of `self`: it cannot be gone.
        let _ = self.ready.subscribe().wait_for(|ready| *ready).await;
    }

    /// A background task; [`Lifecycle::finish`] waits for it. The task itself watches [`Lifecycle::stopped`].
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(task);
    }

    /// A background job that runs at once and then every `period` of real time, until the service stops. One that
    /// panics has its next turn all the same: what waits for it, such as a payment, must not wait for a restart.
    pub fn every<J, F>(&self, period: Duration, mut job: J)
    where
        J: FnMut() -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let life = self.clone();
        self.spawn(async move {
            let mut ticks = tokio::time::interval(period);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                tokio::select! {
                    () = life.stopped() => return,
                    _ = ticks.tick() => {
                        if AssertUnwindSafe(job()).catch_unwind().await.is_err() {
                            tracing::error!("a background job has panicked");
                        }
                    }
                }
            }
        });
    }

    /// Waits until every background task has ended.
    pub async fn finish(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_job_that_panics_has_its_next_turn() {
        let life = Lifecycle::new(Clock::system());
        let (told, mut turns) = tokio::sync::mpsc::unbounded_channel();
        let mut turn = 0;
        life.every(Duration::from_millis(1), move || {
            turn += 1;
            let (told, turn) = (told.clone(), turn);
            async move {
                assert_ne!(turn, 1, "the first turn fails");
                let _ = told.send(turn);
            }
        });
        assert_eq!(turns.recv().await, Some(2));
        life.stop();
        life.finish().await;
    }
}
