//! The environment: this machine's addresses and accounts, under the names that the collection's requests use.

use serde_json::{Value, json};

use crate::accounts::Accounts;
use crate::ports::Ports;
use crate::service::Service;

const ID: &str = "5a6e4a4e-0d0c-4f0c-9f1e-e5ca1e000002";

/// The demo accounts that requests speak for.
const PEOPLE: [&str; 3] = ["alice", "bob", "gina"];

/// The demo application.
const APPLICATION: &str = "app";

/// What a collection cannot know.
pub struct Machine {
    /// `https://localhost:8080`
    pub gateway: String,
    pub ports: Ports,
    pub accounts: Accounts,
    /// Empty where none can be had.
    pub expired_token: String,
}

impl Machine {
    /// The usual ports, and no secret at all.
    pub fn nobodys() -> Self {
        let ports = Ports::default();
        Self {
            gateway: ports.url(Service::Gateway),
            ports,
            accounts: Accounts {
                accounts: Vec::new(),
                clients: Vec::new(),
            },
            expired_token: String::new(),
        }
    }
}

pub fn environment(machine: &Machine) -> Value {
    let mut values = addresses(machine);
    for pseudo in PEOPLE {
        let account = machine.accounts.accounts.iter();
        let password = account
            .clone()
            .find(|account| account.pseudo == pseudo)
            .map(|account| account.password.as_str());
        values.push(secret(&format!("{pseudo}Password"), password));
    }
    let mut clients = machine.accounts.clients.iter();
    let client = clients.find(|client| client.id == APPLICATION);
    values.push(plain("appId", APPLICATION));
    values.push(secret(
        "appSecret",
        client.map(|client| client.secret.as_str()),
    ));
    let mut keys = machine.accounts.accounts.iter();
    let key = keys.find_map(|account| account.api_keys.first());
    values.push(secret("apiKey", key.map(|key| key.key.as_str())));
    values.push(secret("expiredToken", Some(&machine.expired_token)));
    json!({
        "id": ID,
        "name": "Escale",
        "values": values,
        "_postman_variable_scope": "environment",
    })
}

fn addresses(machine: &Machine) -> Vec<Value> {
    let inside = |service| machine.ports.url(service);
    vec![
        plain("gateway", &machine.gateway),
        plain(
            "gatewayInClear",
            &machine.gateway.replace("https:", "http:"),
        ),
        plain("catalogInside", &inside(Service::Catalog)),
        plain("bookingInside", &inside(Service::Booking)),
        plain("paymentInside", &inside(Service::Payment)),
        // The small programs of labs 01 and 02.
        plain("badgeDesk", "http://localhost:8081"),
        plain("gate", "http://localhost:8082"),
        plain("userService", "http://localhost:8083"),
    ]
}

fn plain(key: &str, value: &str) -> Value {
    json!({"key": key, "value": value, "type": "default", "enabled": true})
}

/// Postman masks it on the screen.
fn secret(key: &str, value: Option<&str>) -> Value {
    json!({"key": key, "value": value.unwrap_or_default(), "type": "secret", "enabled": true})
}
