//! The demo accounts: made once with random passwords, kept in `data/accounts.json`, seeded into auth-service.

use std::io;
use std::path::Path;

use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use service_kit::api_key;

use crate::private_file::write_secret;
use crate::random_text;

/// The file's content, in the form that auth-service's `SEED_ACCOUNTS_FILE` takes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Accounts {
    pub accounts: Vec<Account>,
    pub clients: Vec<Client>,
}

/// A person.
#[derive(Clone, Serialize, Deserialize)]
pub struct Account {
    pub pseudo: String,
    pub email: String,
    pub password: String,
    pub roles: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub api_keys: Vec<ApiKey>,
}

/// What a program of that person shows to read public resources (T1).
#[derive(Clone, Serialize, Deserialize)]
pub struct ApiKey {
    pub name: String,
    pub key: String,
    pub scopes: Vec<String>,
}

/// An application that acts for itself (T2).
#[derive(Clone, Serialize, Deserialize)]
pub struct Client {
    pub id: String,
    pub name: String,
    pub secret: String,
    pub scopes: Vec<String>,
}

impl Accounts {
    /// New ones: two users, a guide with an API key, an administrator, an application.
    pub fn generate() -> Self {
        Self {
            accounts: vec![
                Account::new("alice", "user", Vec::new()),
                Account::new("bob", "user", Vec::new()),
                Account::new("gina", "guide", vec![ApiKey::new()]),
                Account::new("admin", "admin", Vec::new()),
            ],
            clients: vec![Client {
                id: "app".to_owned(),
                name: "Application de démonstration".to_owned(),
                secret: random_text::client_secret(),
                scopes: ["tours:read", "bookings:read"].map(str::to_owned).to_vec(),
            }],
        }
    }

    /// # Errors
    /// A file that is not there (`NotFound`), or is not what it should be (`InvalidData`).
    pub fn read(path: &Path) -> io::Result<Self> {
        let text = std::fs::read_to_string(path)?;
        serde_json::from_str(&text)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    pub fn write(&self, path: &Path) -> io::Result<()> {
        write_secret(path, &format!("{}\n", serde_json::to_string_pretty(self)?))
    }
}

impl Account {
    fn new(pseudo: &str, role: &str, api_keys: Vec<ApiKey>) -> Self {
        Self {
            pseudo: pseudo.to_owned(),
            email: format!("{pseudo}@example.org"),
            password: random_text::password(),
            roles: vec![role.to_owned()],
            api_keys,
        }
    }
}

impl ApiKey {
    fn new() -> Self {
        let key = api_key::ApiKey::random();
        Self {
            name: "Site de démonstration".to_owned(),
            key: key.reveal().expose_secret().to_owned(),
            scopes: vec!["tours:read".to_owned()],
        }
    }
}

/// A password never gets into a log by way of `{:?}` (R20).
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account")
            .field("pseudo", &self.pseudo)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiKey")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::private_file::is_open_to_others;

    #[test]
    fn the_file_comes_back_as_written_no_password_repeats_and_only_its_owner_reads_it() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("data/accounts.json");
        Accounts::generate().write(&path).expect("written");
        let first = Accounts::read(&path).expect("read");
        let second = Accounts::generate();
        let people = first.accounts.iter().chain(&second.accounts);
        let applications = first.clients.iter().chain(&second.clients);
        let mut secrets: BTreeSet<&str> = people.map(|account| account.password.as_str()).collect();
        secrets.extend(applications.map(|client| client.secret.as_str()));
        let keys = first.accounts.iter().chain(&second.accounts);
        let keys = keys.flat_map(|account| &account.api_keys);
        secrets.extend(keys.map(|key| key.key.as_str()));
        assert_eq!(secrets.len(), 12);
        assert!(!is_open_to_others(&path).expect("there"));
        let shown = format!("{first:?}{:?}", first.accounts[2].api_keys);
        for secret in secrets {
            assert!(!shown.contains(secret));
        }
    }

    #[test]
    fn a_file_that_is_something_else_is_told_apart_from_none() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("accounts.json");
        assert_eq!(
            Accounts::read(&path).expect_err("none").kind(),
            io::ErrorKind::NotFound
        );
        std::fs::write(&path, "[]").expect("written");
        assert_eq!(
            Accounts::read(&path).expect_err("no accounts").kind(),
            io::ErrorKind::InvalidData
        );
    }
}
