//! How a criterion's town differs from the usual one. It is what the `stage` program reads first.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limits {
    /// Numbers that no criterion reaches by itself.
    #[default]
    Generous,
    /// Those of `routes.toml`.
    BuiltIn,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// Services whose place a spy takes: it answers everything and tells what reached it.
    pub spies: Vec<String>,
    /// Settings of one service: (service, key, value).
    pub settings: Vec<(String, String, String)>,
    pub limits: Limits,
    pub jail: Limits,
    /// More seeded accounts, as in `accounts.json`: `{"pseudo","email","password","roles"}`.
    pub accounts: Vec<Value>,
}

impl Plan {
    #[must_use]
    pub fn spy(mut self, service: &str) -> Self {
        self.spies.push(service.to_owned());
        self
    }

    #[must_use]
    pub fn set(mut self, service: &str, key: &str, value: impl Into<String>) -> Self {
        let setting = (service.to_owned(), key.to_owned(), value.into());
        self.settings.push(setting);
        self
    }

    #[must_use]
    pub fn built_in_limits(self) -> Self {
        Self {
            limits: Limits::BuiltIn,
            ..self
        }
    }

    #[must_use]
    pub fn built_in_jail(self) -> Self {
        Self {
            jail: Limits::BuiltIn,
            ..self
        }
    }

    /// An account of role `user` with this password.
    #[must_use]
    pub fn account(mut self, pseudo: &str, password: &str) -> Self {
        self.accounts.push(serde_json::json!({
            "pseudo": pseudo,
            "email": format!("{pseudo}@exemple.fr"),
            "password": password,
            "roles": ["user"],
        }));
        self
    }
}
