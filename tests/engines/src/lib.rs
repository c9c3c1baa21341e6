//! Lends tests what they cannot bring themselves: PostgreSQL and Redis.
//!
//! Where an engine comes from, the first that works: programs of this system (`postgres`, `redis-server`), started on a
//! free port with a folder of their own and ended with the test process. Where there is none the test says SKIPPED,
//! aloud, and is counted: a skip that nobody sees is a test that nobody has.
//!
//! `ESCALE_ENGINES` chooses: `system`, or `none`.
//!
//! A panic is how a test fails, so this crate panics with what it knows where something does not work.
#![allow(clippy::unwrap_used)]

mod choice;
mod keeper;
mod program;
mod redis;
pub mod tally;

pub use choice::Choice;
pub use keeper::{End, Keeper};
pub use program::{bins_under, find_program, free_port};
pub use redis::{Redis, RedisTls, redis, redis_with};
