//! The labs' engine room: what criteria and attacks are made of, and the list of the labs beside this package.
//!
//! The code under judgement never runs in this process. A criterion asks its [`Case`] for a [`Town`] (the whole platform,
//! started by the `stage` program that was built with the learner's code) or for a small [`App`], and speaks to it over
//! the wire. So a learner's panic, endless loop or `exit` is something to be told, not the end of the check; and what
//! the learner's code can reach holds no answers.
//!
//! Reading order: [`Criterion`] and [`Failure`], [`Case`], [`Town`] with [`Visitor`] and [`Answer`], then [`judge`].

mod answer;
mod app;
mod attack;
mod call;
mod card;
mod case;
mod criterion;
mod dice;
mod failure;
pub mod forge;
mod hello;
mod impostor;
mod judge;
mod lab;
mod plan;
mod programs;
mod stamp;
mod tap;
mod text;
mod town;
mod visitor;

pub use answer::Answer;
pub use app::App;
pub use attack::{Ground, Loot, Raid, Told};
pub use call::Call;
pub use card::{Card, CardFault, Decoy, Program};
pub use case::Case;
pub use criterion::{Criterion, Verdict};
pub use dice::{Dice, Seed};
pub use failure::{Difference, Failure, Panic};
pub use hello::Hello;
pub use impostor::{Impostor, Overheard, Reply};
pub use judge::{Judged, Report, judge};
pub use lab::{Attack, Lab, labs};
pub use plan::{Limits, Plan};
pub use programs::Programs;
pub use stamp::{Leaf, Stamp};
pub use tap::Tap;
pub use text::{Lang, Message, Text};
pub use town::{Seen, Town};
pub use visitor::Visitor;
