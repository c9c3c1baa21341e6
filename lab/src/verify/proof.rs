//! One thing that was proven of a lab, or could not be.

use std::time::Instant;

use serde::Serialize;

use super::Teller;
use crate::texts::{Text, verify as texts};

/// What is proven of every lab.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Point {
    /// The starter compiles, has its TODO, and fails the named criteria and no others.
    Starter,
    /// The attack succeeds on the starter and fails on the reference.
    Attack,
    /// The reference meets every criterion, those included that the starter meets too.
    Reference,
    /// Every decoy compiles and fails the criterion that names it.
    Decoys,
    /// Both languages, hints, quiz; the commands of the text run as written.
    Texts,
    /// With the starters of all labs in place at once.
    Together,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proof {
    /// `04-rate-limiting`
    pub lab: String,
    pub point: Point,
    /// The variant, the language, or what else tells it from others of the same point.
    pub of: String,
    /// Why it is not proven.
    pub fault: Option<String>,
    pub seconds: f64,
}

impl Point {
    pub fn title(self) -> &'static Text {
        match self {
            Self::Starter => &texts::POINT_STARTER,
            Self::Attack => &texts::POINT_ATTACK,
            Self::Reference => &texts::POINT_REFERENCE,
            Self::Decoys => &texts::POINT_DECOYS,
            Self::Texts => &texts::POINT_TEXTS,
            Self::Together => &texts::POINT_TOGETHER,
        }
    }
}

/// What is to be proven, before it is known.
#[derive(Debug, Clone)]
pub struct Claim {
    pub lab: String,
    pub point: Point,
    pub of: String,
}

impl Claim {
    pub fn new(lab: &str, point: Point, of: &str) -> Self {
        Self {
            lab: lab.to_owned(),
            point,
            of: of.to_owned(),
        }
    }

    pub fn ends(self, fault: Option<String>, begun: Instant, told: &Teller) {
        told(Proof {
            lab: self.lab,
            point: self.point,
            of: self.of,
            fault,
            seconds: begun.elapsed().as_secs_f64(),
        });
    }
}
