//! One account, one API key, one application of a seed file: what must hold of each. Faults name rules, and no value.

use escale_schemas::account_rules::broken_rules;
use escale_schemas::api_key::{KEY_SCOPES, MOST_DAYS};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use service_kit::api_key::ApiKey;
use service_kit::error::{Fault, Language};

use super::{SeedAccount, numbered};
use crate::accounts::NewAccount;
use crate::api_keys::NewKey;
use crate::domain::client::{Client, SecretHash, is_client_id, is_client_secret};
use crate::domain::role::Role;
use crate::domain::scope::Scopes;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountEntry {
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
pub(super) struct ClientEntry {
    id: String,
    name: String,
    secret: SecretString,
    scopes: Vec<String>,
}

pub(super) fn account(entry: AccountEntry) -> Result<SeedAccount, Vec<String>> {
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

pub(super) fn client(entry: ClientEntry) -> Result<Client, Vec<String>> {
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
