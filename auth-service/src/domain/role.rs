//! The three roles, and what a user of each may do through the platform's own applications.

use std::fmt;
use std::str::FromStr;

use utoipa::ToSchema;

use super::scope::Scopes;

const EVERY_USER: [&str; 7] = [
    "profile",
    "keys",
    "tours:read",
    "bookings:read",
    "bookings:write",
    "payments:read",
    "payments:write",
];

/// An account has exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "lowercase")]
pub enum Role {
    User,
    Guide,
    Admin,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Guide => "guide",
            Self::Admin => "admin",
        }
    }

    /// All that a user of this role may be granted.
    pub fn scopes(self) -> Scopes {
        let more: &[&str] = match self {
            Self::User => &[],
            Self::Guide | Self::Admin => &["tours:write"],
        };
        Scopes::known(EVERY_USER.iter().chain(more).copied())
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("no such role")]
pub struct NoSuchRole;

impl FromStr for Role {
    type Err = NoSuchRole;

    fn from_str(text: &str) -> Result<Self, NoSuchRole> {
        [Self::User, Self::Guide, Self::Admin]
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(NoSuchRole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_guides_and_admins_may_write_tours() {
        for (role, expected) in [
            (Role::User, false),
            (Role::Guide, true),
            (Role::Admin, true),
        ] {
            let wanted = Scopes::parse("tours:write").expect("a scope");
            assert_eq!(wanted.is_within(&role.scopes()), expected, "{role}");
            assert_eq!(role.as_str().parse::<Role>().ok(), Some(role));
        }
        assert!("Admin".parse::<Role>().is_err());
    }
}
