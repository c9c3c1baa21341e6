//! What accounts, clients, tokens and signing keys are, and the rules that they obey. Nothing in here knows HTTP or SQL.

pub mod access_token;
pub mod account;
pub mod api_key;
pub mod client;
pub mod key_schedule;
pub mod lockout;
pub mod refresh_token;
pub mod revocation;
pub mod role;
pub mod rotation;
pub mod scope;
pub mod signing_key;
