//! An attack: a program that reports what it got.

use std::sync::Arc;

use crate::{App, Case, Dice, Failure, Message, Plan, Programs, Seed, Town};

/// What an attack came home with. A defence that holds leaves it nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Loot {
    Taken(Message),
    Nothing(Message),
}

/// An `Err` is an attack that could not be tried: the platform did not start, say.
pub type Raid = Result<Loot, Failure>;

/// Who listens to the attack's own words.
pub type Told = Arc<dyn Fn(Message) + Send + Sync>;

/// Where the attack takes place.
#[derive(Clone)]
pub struct Ground {
    case: Case,
    told: Told,
}

impl Ground {
    pub fn new(programs: Programs, seed: Seed, told: Told) -> Self {
        Self {
            case: Case::new(programs, seed, "attack"),
            told,
        }
    }

    /// A step of the attack, for who watches.
    pub fn say(&self, fr: impl Into<String>, en: impl Into<String>) {
        (self.told)(Message::new(fr, en));
    }

    /// What an attack and the criteria of its lab start in the same way.
    pub fn case(&self) -> &Case {
        &self.case
    }

    pub fn dice(&self) -> &Dice {
        &self.case.dice
    }

    pub async fn town(&self, plan: Plan) -> Result<Town, Failure> {
        self.case.town(plan).await
    }

    pub async fn app(&self, program: &str, environment: &[(&str, &str)]) -> Result<App, Failure> {
        self.case.app(program, environment).await
    }

    /// A panic of the attacked code is what the attack met, not what it got.
    pub fn panic(&self) -> Option<crate::Panic> {
        self.case.first_panic()
    }
}

impl Loot {
    pub fn taken(fr: impl Into<String>, en: impl Into<String>) -> Raid {
        Ok(Self::Taken(Message::new(fr, en)))
    }

    pub fn nothing(fr: impl Into<String>, en: impl Into<String>) -> Raid {
        Ok(Self::Nothing(Message::new(fr, en)))
    }
}
