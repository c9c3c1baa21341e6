//! Why a criterion is not met: what was sent, what was expected, what came.

use serde::{Deserialize, Serialize};

use crate::{Call, Message};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The code ran, and did something else.
    #[error("sent {}, expected {}, got {}", .0.sent, .0.expected.en, .0.came)]
    Differs(Box<Difference>),
    /// The learner's code panicked; all criteria that meet it would only say so again.
    #[error("panic at {}: {}", .0.place, .0.text)]
    Panicked(Panic),
    /// A program ended, or said nothing, before it was ready.
    #[error("{program} did not start: {said}")]
    NotStarted { program: String, said: String },
    /// It ended in the middle, or no longer answers the check's own questions.
    #[error("{program} went away: {said}")]
    WentAway { program: String, said: String },
    /// A call had no answer in time: an endless loop, a lock that nobody gives back.
    #[error("no answer within {seconds} s to {sent}")]
    Stuck { sent: String, seconds: u64 },
    /// The criterion as a whole took too long.
    #[error("no end within {seconds} s")]
    TooLong { seconds: u64 },
    /// The check itself could not work; the learner's code is not to blame.
    #[error("the check could not be made: {0}")]
    Broken(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// A command that can be pasted against a platform that `cargo lab up` started, or words where no command can.
    pub sent: String,
    /// How many times it was sent in all, the last one is told of.
    pub times: u32,
    pub expected: Message,
    pub came: String,
    /// What it means, where that is not plain.
    pub note: Option<Message>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Panic {
    /// `gateway/src/layers/rate_limit.rs:41:9`
    pub place: String,
    pub text: String,
}

impl Failure {
    /// What came after `call` is not what was expected.
    pub fn differs(call: &Call, expected: Message, came: impl Into<String>) -> Self {
        Self::seen(call.curl(), expected, came)
    }

    /// As [`Failure::differs`] for what was no HTTP call: a connection, a look into a log.
    pub fn seen(done: impl Into<String>, expected: Message, came: impl Into<String>) -> Self {
        Self::Differs(Box::new(Difference {
            sent: done.into(),
            times: 1,
            expected,
            came: came.into(),
            note: None,
        }))
    }

    /// Says what it means.
    #[must_use]
    pub fn note(mut self, fr: impl Into<String>, en: impl Into<String>) -> Self {
        if let Self::Differs(difference) = &mut self {
            difference.note = Some(Message::new(fr, en));
        }
        self
    }

    /// Says that the call was the last of this many.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        if let Self::Differs(difference) = &mut self {
            difference.times = times;
        }
        self
    }

    /// Whether every other criterion would end in the same way.
    pub fn ends_the_check(&self) -> bool {
        !matches!(self, Self::Differs(_) | Self::TooLong { .. })
    }
}
