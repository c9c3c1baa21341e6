//! Lends tests what they cannot bring themselves: PostgreSQL and Redis.
//!
//! Where an engine comes from, the first that works: a container, where a Docker engine answers and the feature
//! `containers` is on (PostgreSQL); programs of this system (`postgres`, `redis-server`), started on a free port with a
//! folder of their own. Either ends with the test process, however that ends. Where there is none the test says SKIPPED,
//! aloud, and is counted: a skip that nobody sees is a test that nobody has.
//!
//! `ESCALE_ENGINES` chooses: `containers` or `system`, which must then be there, or `none`.
//!
//! A panic is how a test fails, so this crate panics with what it knows where something does not work.
#![allow(clippy::unwrap_used)]

mod choice;
#[cfg(feature = "containers")]
mod container;
mod database;
mod keeper;
mod link;
mod postgres;
mod program;
mod redis;
pub mod tally;
mod unprivileged;

pub use choice::Choice;
pub use database::{Database, Engine};
pub use escale_engines_macros::on_each_engine;
pub use keeper::{End, Keeper};
pub use link::Link;
pub use postgres::{PostgresServer, PostgresTls};
pub use program::{bins_under, find_program, free_port};
pub use redis::{Redis, RedisTls, redis, redis_with};
