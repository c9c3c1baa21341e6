//! One row of the route table: who may take it, and where it leads.

use std::sync::Arc;
use std::time::Duration;

use super::body::BodyPolicy;
use super::limit_class::{RedisAway, RouteLimits};
use super::pattern::UpstreamPath;

/// One row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    pub name: Box<str>,
    pub access: Access,
    pub target: Target,
    /// Until the upstream's response headers.
    pub deadline: Duration,
    /// The upstream authenticates applications itself: `Authorization: Basic` passes.
    pub client_credentials: bool,
    /// The sensitive action that the route is, by its name in the audit log.
    pub audit: Option<Arc<str>>,
    /// Of the methods that take a body; see [`Route::body_of`].
    pub body: Option<BodyPolicy>,
    pub limits: RouteLimits,
    /// Also in each of `limits`, which is where it is gone by.
    pub redis_away: RedisAway,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Access {
    Public,
    /// A verified token that holds all of `scopes` and, unless `roles` is empty, one of `roles`; or an API key that
    /// holds all of `scopes`, where `api_key` says so.
    Protected {
        scopes: Vec<Box<str>>,
        roles: Vec<Box<str>>,
        api_key: bool,
    },
}

impl Access {
    pub fn takes_api_keys(&self) -> bool {
        matches!(self, Self::Protected { api_key: true, .. })
    }
}

#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// The gateway answers by itself.
    Gateway,
    Upstream {
        service: Service,
        path: UpstreamPath,
    },
}

/// The roles that a person can have.
pub const ROLES: [&str; 3] = ["user", "guide", "admin"];

/// The services behind the gateway, by the names in their certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    Auth,
    Catalog,
    Booking,
    Payment,
}

impl Service {
    pub const ALL: [Self; 4] = [Self::Auth, Self::Catalog, Self::Booking, Self::Payment];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Catalog => "catalog",
            Self::Booking => "booking",
            Self::Payment => "payment",
        }
    }
}
