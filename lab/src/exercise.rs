//! The labs from the learner's side: what there is, where its files are, how its programs are built.
//!
//! Reading order: [`catalogue`] (the labs), [`desk`] with [`progress`] (the learner), [`place`] (whose content a file
//! has), then [`start`] and [`reset`]. The verbs upon them are in [`crate::commands`].

pub mod advice;
pub mod branches;
pub mod building;
pub mod catalogue;
pub mod desk;
pub mod git;
pub mod hints;
pub mod leave;
pub mod line_diff;
pub mod markdown;
pub mod place;
pub mod progress;
pub mod quiz;
pub mod reset;
#[cfg(test)]
pub(crate) mod scene;
pub mod start;
pub mod telling;
