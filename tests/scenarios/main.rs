//! Scenarios over real TLS: every route and every refusal of the platform, as a caller sees them.
#![allow(clippy::unwrap_used)]

mod accounts;
mod audit;
mod bookings;
mod certificates;
mod cluster;
mod edge;
mod explain;
mod forwarding;
mod identity;
mod jail;
mod limits;
mod logs;
mod machines;
mod matrix;
mod metrics;
mod outage;
mod pages;
mod patience;
mod payments;
mod peers;
mod policy;
mod tours;
mod validation;
