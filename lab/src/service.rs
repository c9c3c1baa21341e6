//! The services that make up the platform, and what each one's program and port are (L1).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A service; written everywhere by its name, which is also the last part of its SPIFFE id.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    Auth,
    Catalog,
    Booking,
    Payment,
    Bank,
    Gateway,
}

impl Service {
    /// All of them, in the order in which they are started and shown: the gateway last, as nothing can be asked of it
    /// before the others answer.
    pub const ALL: [Self; 6] = [
        Self::Auth,
        Self::Catalog,
        Self::Booking,
        Self::Payment,
        Self::Bank,
        Self::Gateway,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Catalog => "catalog",
            Self::Booking => "booking",
            Self::Payment => "payment",
            Self::Bank => "bank",
            Self::Gateway => "gateway",
        }
    }

    /// The program's name, without the `.exe` of Windows.
    pub fn program(self) -> &'static str {
        match self {
            Self::Auth => "auth-service",
            Self::Catalog => "catalog-service",
            Self::Booking => "booking-service",
            Self::Payment => "payment-service",
            Self::Bank => "test-bank",
            Self::Gateway => "gateway",
        }
    }

    /// The port of the course (L1); payment and the bank continue its row.
    pub fn default_port(self) -> u16 {
        match self {
            Self::Gateway => 8080,
            Self::Auth => 3001,
            Self::Catalog => 3002,
            Self::Booking => 3003,
            Self::Payment => 3004,
            Self::Bank => 3005,
        }
    }

    /// Whether it keeps a database file.
    pub fn has_store(self) -> bool {
        self != Self::Gateway
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A name that is no service's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\": auth, catalog, booking, payment, bank, gateway")]
pub struct UnknownService(pub String);

impl FromStr for Service {
    type Err = UnknownService;

    fn from_str(text: &str) -> Result<Self, UnknownService> {
        Self::ALL
            .into_iter()
            .find(|service| service.name() == text)
            .ok_or_else(|| UnknownService(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_read_back_from_its_name_and_nothing_else_is() {
        for service in Service::ALL {
            assert_eq!(service.name().parse(), Ok(service));
            let json = serde_json::to_string(&service).expect("text");
            assert_eq!(json, format!("\"{service}\""));
        }
        assert!("Gateway".parse::<Service>().is_err());
    }
}
