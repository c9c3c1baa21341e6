//! The routes as their callers see them: the whole app, with the headers and the peer that the gateway or payment has.

mod creating;
mod owning;
mod paying;
mod visitor;
