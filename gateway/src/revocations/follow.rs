//! Follows a feed in the background for as long as the gateway runs.

use std::sync::Arc;
use std::time::Duration;

use service_kit::lifecycle::Lifecycle;

use super::{Feed, News, Position, Revocations};

#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// Between two tries while the feed is away: within the second that a revocation may take.
    pub(super) retry: Duration,
    /// After an answer without news: a feed that does not wait is not asked without a pause.
    pub(super) pause: Duration,
}

const PACE: Pace = Pace {
    retry: Duration::from_millis(250),
    pause: Duration::from_millis(100),
};

const UP: &str = "revocation_feed_up";
/// Its age is time() less this.
const HEARD: &str = "revocation_feed_last_success_timestamp_seconds";

/// Begins to follow; `revocations` is complete when the feed has given all that it has.
pub fn follow(feed: Arc<dyn Feed>, revocations: &Revocations, life: &Lifecycle) {
    follow_at(PACE, feed, revocations, life);
}

pub(super) fn follow_at(
    pace: Pace,
    feed: Arc<dyn Feed>,
    revocations: &Revocations,
    life: &Lifecycle,
) {
    let follower = Follower {
        pace,
        feed,
        revocations: revocations.clone(),
        life: life.clone(),
        position: None,
        is_up: None,
    };
    let stopping = life.clone();
    life.spawn(async move {
        tokio::select! {
            () = stopping.stopped() => {}
            () = follower.run() => {}
        }
    });
}

struct Follower {
    pace: Pace,
    feed: Arc<dyn Feed>,
    revocations: Revocations,
    life: Lifecycle,
    position: Option<Position>,
    /// As it was told last: the log has a line for a change, not for each try.
    is_up: Option<bool>,
}

impl Follower {
    async fn run(mut self) {
        loop {
            match self.feed.after(self.position.as_ref()).await {
                Ok(news) => {
                    self.tell(None);
                    let is_idle = !news.more && self.position.as_ref() == Some(&news.position);
                    self.take(news);
                    if is_idle {
                        tokio::time::sleep(self.pace.pause).await;
                    }
                }
                Err(cause) => {
                    self.tell(Some(&cause));
                    tokio::time::sleep(self.pace.retry).await;
                }
            }
        }
    }

    fn take(&mut self, news: News) {
        let now = self.life.clock.now();
        self.revocations.take(&news, now);
        metrics::gauge!(HEARD).set(now.seconds() as f64);
        self.position = Some(news.position);
    }

    fn tell(&mut self, cause: Option<&str>) {
        let is_up = cause.is_none();
        metrics::gauge!(UP).set(f64::from(u8::from(is_up)));
        if self.is_up == Some(is_up) {
            return;
        }
        match cause {
            None => tracing::info!("revocations are followed"),
            Some(cause) => tracing::warn!(
                cause,
                "revocations cannot be followed: the known ones stay in force, new ones are not known here"
            ),
        }
        self.is_up = Some(is_up);
    }
}
