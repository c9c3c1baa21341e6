//! Scenarios over real TLS: every route and every refusal of the platform, as a caller sees them.
#![allow(clippy::unwrap_used)]

mod accounts;
mod bookings;
mod certificates;
mod cluster;
mod edge;
mod foreign_issuer;
mod identity;
mod logs;
mod machines;
mod outage;
mod patience;
mod payments;
mod peers;
mod tokens;
mod tours;
