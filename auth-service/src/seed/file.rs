//! Reads the seed file, and tells everything that is wrong with it at once. It holds passwords and secrets: no value of
//! it is ever shown, only places and rules.

mod entries;

use std::path::Path;

use serde::Deserialize;
use service_kit::api_key::ApiKey;
use service_kit::process::Misconfigured;

use crate::accounts::NewAccount;
use crate::api_keys::NewKey;
use crate::domain::client::Client;
use entries::{AccountEntry, ClientEntry, account, client};

/// Checked.
pub struct Seed {
    pub accounts: Vec<SeedAccount>,
    pub clients: Vec<Client>,
}

pub struct SeedAccount {
    pub account: NewAccount,
    pub keys: Vec<(ApiKey, NewKey)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedFile {
    #[serde(default)]
    accounts: Vec<AccountEntry>,
    #[serde(default)]
    clients: Vec<ClientEntry>,
}

pub fn read(path: &Path) -> Result<Seed, Misconfigured> {
    let told = |what: String| Misconfigured(format!("SEED_ACCOUNTS_FILE: {what}"));
    let text = std::fs::read(path).map_err(|error| told(format!("cannot be read ({error})")))?;
    // serde's own message quotes the value that it did not expect, which may be a password.
    let file: SeedFile = serde_json::from_slice(&text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        told(format!(
            "line {line}, column {column}: not what a seed file holds there"
        ))
    })?;
    let mut faults = Vec::new();
    let accounts = numbered("accounts", file.accounts, &mut faults, account);
    let clients = numbered("clients", file.clients, &mut faults, client);
    if faults.is_empty() {
        Ok(Seed { accounts, clients })
    } else {
        Err(told(faults.join("; ")))
    }
}

/// Reads each entry; the faults of the third one begin with `accounts[2]`.
fn numbered<E, T>(
    list: &str,
    entries: Vec<E>,
    faults: &mut Vec<String>,
    read: fn(E) -> Result<T, Vec<String>>,
) -> Vec<T> {
    let mut values = Vec::new();
    for (place, entry) in entries.into_iter().enumerate() {
        match read(entry) {
            Ok(value) => values.push(value),
            Err(found) => {
                faults.extend(found.iter().map(|fault| format!("{list}[{place}].{fault}")))
            }
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn refused(text: &str) -> String {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(text.as_bytes()).expect("it can be written");
        read(file.path()).err().expect("a fault").to_string()
    }

    #[test]
    fn every_fault_is_told_by_its_place_and_no_value_is_shown() {
        let told = refused(
            r#"{"accounts":[{"pseudo":"al","email":"x","password":"hunter2","roles":["root"],
                 "api_keys":[{"name":"","key":"esc_hunter2","scopes":["payments:read"]}]}],
                "clients":[{"id":"a b","name":"","secret":"hunter2","scopes":["tours:read tours:fly"]}]}"#,
        );
        for expected in [
            "accounts[0].pseudo",
            "accounts[0].email",
            "accounts[0].password",
            "accounts[0].roles",
            "accounts[0].api_keys[0].name",
            "accounts[0].api_keys[0].key",
            "accounts[0].api_keys[0].scopes",
            "clients[0].id",
            "clients[0].name",
            "clients[0].secret",
            "clients[0].scopes",
        ] {
            assert!(told.contains(expected), "{expected} in {told}");
        }
        assert!(!told.contains("hunter2") && !told.contains("root"));
    }

    #[test]
    fn an_unknown_field_or_a_password_of_the_wrong_type_is_refused_without_its_value() {
        for text in [
            r#"{"accounts":[],"users":[]}"#,
            r#"{"accounts":[{"pseudo":"alice","email":"a@b.org","password":13371337,"roles":["user"]}]}"#,
            "null",
        ] {
            let told = refused(text);
            assert!(
                told.contains("line 1") && !told.contains("13371337"),
                "{told}"
            );
        }
    }
}
