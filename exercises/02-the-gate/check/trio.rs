//! The learner's three programs, and the ways between them.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::{header, now};
use crate::{App, Case, Failure, Tap, Visitor, forge};

/// The three programs of the learner, with keys that the criterion knows.
pub struct Trio {
    pub key: String,
    pub pass: String,
    pub gate: Visitor,
    /// Who calls the services themselves, around the gate.
    pub users: Visitor,
    pub products: Visitor,
    _apps: [App; 3],
}

impl Trio {
    pub async fn start(case: &Case) -> Result<Self, Failure> {
        Self::start_with(case, Ways::default()).await
    }

    pub async fn start_with(case: &Case, ways: Ways<'_>) -> Result<Self, Failure> {
        let word = || case.dice.word();
        let (key, pass) = (
            format!("{}{}{}", word(), word(), word()),
            format!("{}{}{}", word(), word(), word()),
        );
        let secrets = [("BADGE_KEY", &*key), ("GATE_PASS", &*pass)];
        let users = case.app("user-service", &secrets).await?;
        let products = case.app("product-service", &secrets[1..]).await?;
        let users_at = address(&users)?;
        let users_at = match ways.tap {
            Some(tap) => {
                tap.lead_to(users_at);
                tap.address()
            }
            None => users_at,
        };
        let products_at = ways.products.map_or_else(|| address(&products), Ok)?;
        let (users_at, products_at) = (users_at.to_string(), products_at.to_string());
        let [key_set, pass_set] = secrets;
        let settings = [
            key_set,
            pass_set,
            ("USERS_ADDR", &*users_at),
            ("PRODUCTS_ADDR", &*products_at),
        ];
        let gate = case.app("gate", &settings).await?;
        Ok(Self {
            gate: gate.visitor("http://localhost:8082")?,
            users: users.visitor("http://localhost:8083")?,
            products: products.visitor("http://localhost:8084")?,
            key,
            pass,
            _apps: [users, products, gate],
        })
    }

    pub async fn login(&self, pseudo: &str) -> Result<Visitor, Failure> {
        let answer = self.gate.post("/login", &json!({"pseudo": pseudo})).await?;
        let badge = answer.expect_status(200)?.field("/token")?;
        Ok(self.gate.with_token(&badge))
    }

    /// At the gate with a badge of this key, without a login.
    pub fn as_user(&self, user: &str, roles: &[&str]) -> Visitor {
        let claims = json!({"user": user, "roles": roles, "exp": now() + 3_600});
        self.with_claims(&claims)
    }

    pub fn with_claims(&self, claims: &Value) -> Visitor {
        let badge = forge::hs256(&header("HS256"), claims, self.key.as_bytes());
        self.gate.with_token(&badge)
    }

    /// Says what cannot be seen in the command: which badge it is, and how to start the programs so that it means the same.
    pub fn explain(&self, failure: Failure, fr: &str, en: &str) -> Failure {
        let with = format!("BADGE_KEY={} GATE_PASS={}", self.key, self.pass);
        failure.note(
            format!("{fr} Programmes lancés avec {with}."),
            format!("{en} The programs were started with {with}."),
        )
    }
}

/// Where the gate believes the services to be.
#[derive(Default)]
pub struct Ways<'a> {
    /// Between the gate and the user service.
    pub tap: Option<&'a Tap>,
    pub products: Option<SocketAddr>,
}

pub(super) fn address(app: &App) -> Result<SocketAddr, Failure> {
    let address = app.url.trim_start_matches("http://").parse();
    address.map_err(|_| Failure::Broken(format!("{}: {}", app.name, app.url)))
}
