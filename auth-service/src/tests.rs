//! The service as the gateway sees it: whole requests through [`crate::app`], without sockets.

mod accounts;
mod answer;
mod api_keys;
mod callers;
mod client_tokens;
mod discovery;
mod expired_token;
mod instances;
mod login;
mod refresh;
mod revocations;
mod seeding;
mod service;
mod signing_keys;
