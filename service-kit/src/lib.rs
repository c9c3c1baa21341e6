//! What every service of Escale shares: configuration, TLS and peer identity, errors, the server, telemetry, the
//! clock and the store. Nothing in here knows about tours, bookings or payments.
//!
//! Reading order: [`process`] (how a service starts), [`stack`] (what every request goes through), [`error`] (what
//! every refusal looks like), then [`tls`] and [`peer`] (who is who inside).

pub mod access_log;
pub mod admin;
pub mod api_key;
pub mod aside;
pub mod audit;
pub mod client;
pub mod clock;
pub mod config;
pub mod context;
pub mod deadline;
pub mod error;
pub mod form;
pub mod health;
pub mod idempotency;
pub mod inside_service;
pub mod iso_date;
pub mod lifecycle;
pub mod networks;
pub mod page;
pub mod page_cursor;
pub mod path_id;
pub mod peer;
pub mod principal;
pub mod process;
pub mod query;
pub mod server;
pub mod spiffe;
pub mod stack;
pub mod store;
pub mod tame;
pub mod telemetry;
pub mod tls;
pub mod traces;
