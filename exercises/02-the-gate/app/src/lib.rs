//! A gate and the two services behind it (L16, S1): the platform in miniature, with one file for each idea.
//!
//! ```text
//! client ── badge ──> gate 8082 ── x-user-id, x-user-role, x-gate-pass ──> user-service    8083
//!                                                                     └──> product-service 8084
//! ```
//!
//! Reading order: [`gate`], [`authenticate`] (to be written), [`only_the_gate`] (to be written), [`inside`], the services.
//! Each is started by its program in `bin/`; the text beside this folder, `lab.en.md` or `lab.fr.md`, tells how.

pub mod authenticate;
pub mod badge;
pub mod gate;
pub mod inside;
pub mod only_the_gate;
pub mod product_service;
pub mod user_service;
