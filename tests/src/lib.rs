//! The harness: a [`Town`] is the whole platform in one test process, on free ports, with its own authorities,
//! empty stores and a clock that the test moves. The services are the real ones, started as `main` starts them.
//!
//! A panic is how a test fails, so the harness panics with what it knows where something does not work.
#![allow(clippy::unwrap_used)]

mod answer;
pub mod balancer;
pub mod browser;
pub mod capacity;
pub mod collector;
pub mod composed;
mod eventually;
pub mod foreign_provider;
pub mod frames;
pub mod issuer;
pub mod logs;
mod metrics;
pub mod misbehaving;
pub mod platform;
pub mod raw;
mod spy;
pub mod stage;
mod town;
mod visitor;

pub use answer::Answer;
pub use eventually::{eventually, eventually_within};
pub use issuer::{Mood, TestIssuer};
pub use misbehaving::{Behaviour, Misbehaving};
pub use spy::{Seen, Spy};
pub use town::{Plan, SECOND_GATEWAY, Town};
pub use visitor::Visitor;
