//! The labs from the learner's side: what there is, where its files are, how its programs are built.

pub mod building;
pub mod catalogue;
pub mod hints;
pub mod quiz;
