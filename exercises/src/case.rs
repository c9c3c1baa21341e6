//! What a criterion or an attack is given: the programs to start, and chance.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{App, Dice, Failure, Panic, Plan, Programs, Seed, Town};

#[derive(Debug, Clone)]
pub struct Case {
    pub dice: Dice,
    pub(crate) programs: Programs,
    panics: Arc<Mutex<Vec<Panic>>>,
}

impl Case {
    pub fn new(programs: Programs, seed: Seed, criterion: &str) -> Self {
        Self {
            dice: Dice::new(seed, criterion),
            programs,
            panics: Arc::default(),
        }
    }

    /// The whole platform, started anew: its own authorities, empty stores, free ports, a clock that stands still.
    pub async fn town(&self, plan: Plan) -> Result<Town, Failure> {
        Town::start(self, plan).await
    }

    /// A small app of a lab's own, started with this environment. It must say its address on its first line.
    pub async fn app(&self, program: &str, environment: &[(&str, &str)]) -> Result<App, Failure> {
        App::start(self, program, environment).await
    }

    pub(crate) fn panicked(&self, panic: Panic) {
        let mut panics = self.panics.lock().unwrap_or_else(PoisonError::into_inner);
        panics.push(panic);
    }

    pub(crate) fn first_panic(&self) -> Option<Panic> {
        let panics = self.panics.lock().unwrap_or_else(PoisonError::into_inner);
        panics.first().cloned()
    }
}
