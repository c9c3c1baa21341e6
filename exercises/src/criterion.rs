//! One thing that a learner's code must do, judged over the wire.

use std::future::Future;
use std::pin::Pin;

use crate::{Case, Failure, Text};

/// How a criterion ends. `?` ends it at the first thing that is not as it should be.
pub type Verdict = Result<(), Failure>;

type Judge = Box<dyn Fn(Case) -> Pin<Box<dyn Future<Output = Verdict> + Send>> + Send + Sync>;

pub struct Criterion {
    /// `the-101st-is-refused`; decoys and progress name it.
    pub id: &'static str,
    /// The rules that it stands for: `L6`, `R11`.
    pub rules: &'static [&'static str],
    pub title: Text,
    judge: Judge,
}

impl Criterion {
    /// `title` is what holds when the criterion is met, in French and in English.
    pub fn new<F, Fut>(
        id: &'static str,
        rules: &'static [&'static str],
        title: Text,
        judge: F,
    ) -> Self
    where
        F: Fn(Case) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Verdict> + Send + 'static,
    {
        Self {
            id,
            rules,
            title,
            judge: Box::new(move |case| Box::pin(judge(case))),
        }
    }

    pub(crate) fn run(&self, case: Case) -> Pin<Box<dyn Future<Output = Verdict> + Send>> {
        (self.judge)(case)
    }
}
