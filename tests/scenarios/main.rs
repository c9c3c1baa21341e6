//! Scenarios over real TLS: every route and every refusal of the platform, as a caller sees them.
#![allow(clippy::unwrap_used)]

mod accounts;
mod audit;
mod bookings;
mod certificates;
mod cluster;
mod edge;
mod edge_http2;
mod explain;
mod floods;
mod foreign_issuer;
mod forwarding;
mod identity;
mod jail;
mod learner;
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
mod postgresql;
mod slow;
mod smuggling;
mod stage;
mod tokens;
mod tours;
mod validation;
