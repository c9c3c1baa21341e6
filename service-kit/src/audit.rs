//! The audit log (L12, R18): who did what, when and from where, in a form that shows when it was tampered with.
//!
//! One record a line, JSON with the names of the Elastic Common Schema, so that a SIEM takes it as it is. A line ends
//! with `,"event.hash":"<64>","event.mac":"<64>"}` and a line feed:
//! - `event.hash` is the SHA-256, in lower-case hexadecimal, of the line's bytes before `,"event.hash"`. Those bytes
//!   hold `event.previous_hash` and `event.sequence`, so each record fixes all records before it;
//! - `event.mac` is the HMAC-SHA-256 of that hash under `AUDIT_KEY`. Without it, who can write the file could compute
//!   a whole new chain.
//!
//! Beside `gateway.jsonl` stand the closed months (`gateway-2027-06.jsonl`), the lock, and the anchor
//! (`gateway.jsonl.head`): the last durable sequence and hash, under the same key, so that a cut end is found. The
//! anchor is written after the records that it names are durable. So a log that is behind its anchor was cut; one that
//! is ahead of it belongs to a gateway that runs, or was killed between the two writes.
//!
//! What it cannot show: that log and anchor together were replaced by an older copy of both, or removed together (the
//! next chain begins with `audit.begun`, and says when), or what somebody wrote who holds the key. Against these, send
//! the lines to another machine as they are written.
//!
//! Reading order: [`event`] (what a record says), [`chain`] (the line's form), [`head`] (the anchor), [`journal`] (the
//! files), [`writer`] (the task that the layers speak to), [`verify`].

pub mod chain;
pub mod config;
pub mod event;
mod files;
mod head;
mod journal;
mod lines;
mod origin;
mod refusal_budget;
pub mod verify;
mod writer;

pub use chain::AuditKey;
pub use config::AuditConfig;
pub use event::{Event, Outcome, Stage};
pub use files::AuditFiles;
pub use journal::AuditError;
pub use origin::Origin;
pub use verify::verify;
pub use writer::{Audit, Begun, Unavailable};

#[cfg(test)]
mod tests;
