//! The services that booking calls. Each is a trait, so that tests need no network.

mod catalogue;
mod payment;

pub use catalogue::{Catalogue, CatalogueOverMtls};
pub use payment::{PaymentOverMtls, Refunds};
