//! Reads the seed file, and tells everything that is wrong with it at once. It holds passwords and secrets: no value of
//! it is ever shown, only places and rules.

use std::path::Path;

use escale_schemas::account_rules::broken_rules;
use escale_schemas::api_key::{KEY_SCOPES, MOST_DAYS};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use service_kit::api_key::ApiKey;
use service_kit::error::{Fault, Language};
use service_kit::process::Misconfigured;

use crate::accounts::NewAccount;
use crate::api_keys::NewKey;
use crate::domain::client::{Client, SecretHash, is_client_id, is_client_secret};
use crate::domain::role::Role;
use crate::domain::scope::Scopes;

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountEntry {
    pseudo: String,
    email: String,
    password: SecretString,
    roles: Vec<String>,
    #[serde(default)]
    api_keys: Vec<KeyEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    name: String,
    key: SecretString,
    scopes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientEntry {
    id: String,
    name: String,
    secret: SecretString,
    scopes: Vec<String>,
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

fn account(entry: AccountEntry) -> Result<SeedAccount, Vec<String>> {
    let AccountEntry {
        pseudo,
        email,
        password,
        roles,
        api_keys,
    } = entry;
    let mut faults: Vec<String> = broken_rules(Some(&pseudo), Some(&email), Some(&password))
        .into_iter()
        .map(|(pointer, rule)| Fault::new(pointer, rule).message(Language::English))
        .collect();
    let role = match roles.as_slice() {
        [role] => role.parse::<Role>().ok(),
        _ => None,
    };
    if role.is_none() {
        faults.push("roles must hold one of user, guide, admin".to_owned());
    }
    let keys = numbered("api_keys", api_keys, &mut faults, key);
    match role {
        Some(role) if faults.is_empty() => Ok(SeedAccount {
            account: NewAccount {
                pseudo,
                email,
                password,
                role,
            },
            keys,
        }),
        _ => Err(faults),
    }
}

/// A seeded key lives as long as any.
fn key(entry: KeyEntry) -> Result<(ApiKey, NewKey), Vec<String>> {
    let mut faults = Vec::new();
    if !(1..=100).contains(&entry.name.chars().count()) {
        faults.push("name must have 1 to 100 characters".to_owned());
    }
    let key = entry.key.expose_secret().parse::<ApiKey>();
    if key.is_err() {
        faults.push("key must be esc_ and 32 random bytes in base64url".to_owned());
    }
    let scopes = Scopes::parse(&entry.scopes.join(" "));
    let scopes = scopes.filter(|scopes| scopes.is_within(&Scopes::known(KEY_SCOPES)));
    if scopes.is_none() {
        faults.push(format!("scopes must be some of {}", KEY_SCOPES.join(", ")));
    }
    match (key, scopes) {
        (Ok(key), Some(scopes)) if faults.is_empty() => Ok((
            key,
            NewKey {
                name: entry.name,
                scopes,
                days: MOST_DAYS,
            },
        )),
        _ => Err(faults),
    }
}

fn client(entry: ClientEntry) -> Result<Client, Vec<String>> {
    let mut faults = Vec::new();
    let mut rule = |holds: bool, text: &str| {
        if !holds {
            faults.push(text.to_owned());
        }
    };
    rule(
        is_client_id(&entry.id),
        "id must be 1 to 64 letters, digits, _ . - and no UUID",
    );
    rule(
        (1..=100).contains(&entry.name.chars().count()),
        "name must have 1 to 100 characters",
    );
    let secret_fits = is_client_secret(entry.secret.expose_secret());
    rule(
        secret_fits,
        "secret must be 32 to 256 visible ASCII characters, at random",
    );
    let scopes = Scopes::parse(&entry.scopes.join(" ")).filter(Scopes::are_all_known);
    rule(scopes.is_some(), "scopes must be some of the platform's");
    match scopes {
        Some(scopes) if faults.is_empty() => Ok(Client {
            id: entry.id,
            name: entry.name,
            secret: SecretHash::of(&entry.secret),
            scopes,
        }),
        _ => Err(faults),
    }
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
