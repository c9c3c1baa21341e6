//! The invariants of design and threat list, asked of a real store.

mod cancelling;
mod confirming;
mod crashing;
mod expiring;
mod holding;
mod instances;
mod listing;
mod refunding;
mod repeating;
