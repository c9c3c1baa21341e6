//! What a town is seeded with: accounts and keys, fresh each time.

use std::path::Path;

use secrecy::ExposeSecret;
use serde_json::{Value, json};
use service_kit::api_key::ApiKey;

use crate::logs;

/// The seed of accounts, with fresh passwords that are canaries; and `more` accounts as they stand.
pub(super) fn write_accounts(folder: &Path, more: &[Value]) -> Value {
    let secret = || {
        let secret = format!("Canari-{}", uuid::Uuid::new_v4().simple());
        logs::canary(&secret);
        secret
    };
    let account = |pseudo: &str, role: &str| json!({"pseudo": pseudo, "email": format!("{pseudo}@canary.example"), "password": secret(), "roles": [role]});
    let mut gina = account("gina", "guide");
    let key = ApiKey::random().reveal().expose_secret().to_owned();
    logs::canary(&key);
    gina["api_keys"] = json!([{"name": "Demo", "key": key, "scopes": ["tours:read"]}]);
    let usual = [
        account("alice", "user"),
        account("bob", "user"),
        gina,
        account("admin", "admin"),
    ];
    let accounts = [&usual, more].concat();
    let accounts = json!({
        "accounts": accounts,
        "clients": [
            {"id": "app", "name": "Demo", "secret": secret(), "scopes": ["tours:read", "bookings:read"]},
        ],
    });
    logs::canary("@canary.example");
    std::fs::write(folder.join("accounts.json"), accounts.to_string()).expect("a file");
    std::fs::write(folder.join("master-key"), master_key()).expect("a file");
    std::fs::write(folder.join("audit-key"), master_key()).expect("a file");
    accounts
}

/// 32 random bytes in base64, made of two UUIDs.
fn master_key() -> String {
    let bytes = [
        uuid::Uuid::new_v4().into_bytes(),
        uuid::Uuid::new_v4().into_bytes(),
    ]
    .concat();
    base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes)
}
