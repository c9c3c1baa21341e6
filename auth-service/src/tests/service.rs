//! The harness: a service on an empty database, with a clock that tests move.

use std::time::Duration;

use axum::body::Body;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use escale_engines::{Database, Engine};
use futures_util::future::try_join_all;
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};
use service_kit::clock::{Clock, Timestamp};
use service_kit::config::Settings;
use service_kit::peer::Connection;
use service_kit::spiffe::SpiffeId;
use tempfile::TempDir;
use tower::ServiceExt;

use super::answer::Answer;
use crate::app;
use crate::config::Config;
use crate::domain::access_token::Claims;
use crate::state::AppState;

/// 2027-01-01T00:00:00Z
const START: Timestamp = Timestamp(1_798_761_600_000);
pub const PASSWORD: &str = "correct horse battery";
pub const EMAIL: &str = "Alice.Martin@example.org";
pub const CLIENT_SECRET: &str = "s3cr3t+of/the=partner&app:0123456789";
pub const SEED: &str = r#"{
    "accounts": [
        {"pseudo": "admin", "email": "admin@example.org", "password": "a long enough password", "roles": ["admin"]}
    ],
    "clients": [
        {"id": "partner", "name": "Partner", "secret": "s3cr3t+of/the=partner&app:0123456789",
         "scopes": ["tours:read", "bookings:read"]}
    ]
}"#;

pub struct Service {
    pub state: AppState,
    pub clock: Clock,
    database: Database,
    folder: TempDir,
}

impl Service {
    pub async fn start(engine: Engine) -> Self {
        Self::start_several(engine, 1).await.0
    }

    /// As many instances as `count`, which start at the same moment on one empty database: the first, and the states of
    /// the others.
    pub async fn start_several(engine: Engine, count: usize) -> (Self, Vec<AppState>) {
        let database = engine.database().await;
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("seed.json"), SEED).expect("the folder can be written");
        let clock = Clock::manual(START);
        let starts = (0..count).map(|_| open(&database, &folder, &clock, 1));
        let mut states = try_join_all(starts).await.expect("the service opens");
        let service = Self {
            state: states.remove(0),
            clock,
            database,
            folder,
        };
        (service, states)
    }

    /// Opens the same database again, as after a restart or in a second instance; `key` 1 is the right master key.
    pub async fn reopen(&self, key: u8) -> anyhow::Result<AppState> {
        open(&self.database, &self.folder, &self.clock, key).await
    }

    pub fn write_seed(&self, seed: &str) {
        let path = self.folder.path().join("seed.json");
        std::fs::write(path, seed).expect("the folder can be written");
    }

    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    /// Everything that the database has written so far: the files of SQLite.
    pub fn files(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for entry in std::fs::read_dir(self.database.folder()).expect("the folder is ours") {
            bytes.extend(std::fs::read(entry.expect("an entry").path()).expect("a file"));
        }
        bytes
    }

    pub async fn send(&self, request: http::request::Builder, body: impl Into<Body>) -> Answer {
        self.send_as("gateway", request, body).await
    }

    pub async fn send_as(
        &self,
        caller: &str,
        request: http::request::Builder,
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = request.body(body.into()).expect("a request");
        request.extensions_mut().insert(Connection {
            remote: ([127, 0, 0, 1], 1).into(),
            peer: Some(SpiffeId::of(caller)),
        });
        let response = app(self.state.clone()).oneshot(request).await;
        Answer::of(response.expect("an answer")).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let request = Request::post(path).header(CONTENT_TYPE, "application/json");
        self.send(request, body.to_string()).await
    }

    /// `POST /oauth/token` with a client that shows itself by Basic, or not at all.
    pub async fn token(&self, basic: Option<(&str, &str)>, body: &str) -> Answer {
        let mut request = Request::post("/oauth/token").header(
            CONTENT_TYPE,
            "application/x-www-form-urlencoded; charset=UTF-8",
        );
        if let Some((id, secret)) = basic {
            let pair = format!("{}:{}", form_encoded(id), form_encoded(secret));
            request = request.header(
                AUTHORIZATION,
                format!("Basic {}", BASE64_STANDARD.encode(pair)),
            );
        }
        self.send(request, body.to_owned()).await
    }

    pub async fn register_alice(&self) -> Answer {
        let body = json!({"pseudo": "Alice", "email": EMAIL, "password": PASSWORD});
        self.post("/auth/register", body).await
    }

    pub async fn login(&self, pseudo: &str, password: &str) -> Answer {
        let body = json!({"pseudo": pseudo, "password": password});
        self.post("/auth/login", body).await
    }

    pub async fn refresh(&self, token: &str) -> Answer {
        self.post("/auth/refresh", json!({"refresh_token": token}))
            .await
    }

    /// The claims of an access token, checked as a gateway does: by the JWKS that is published now.
    pub async fn claims(&self, token: &str) -> Option<Claims> {
        let jwks = self.get("/.well-known/jwks.json").await.body;
        let jwks: JwkSet = serde_json::from_value(jwks).expect("a JWKS that others can read");
        let header = jsonwebtoken::decode_header(token).expect("a token");
        assert_eq!(header.typ.as_deref(), Some("at+jwt"));
        let key = DecodingKey::from_jwk(jwks.find(&header.kid?)?).expect("a key");
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_audience(&["escale-api"]);
        validation.set_issuer(&["https://localhost:8080"]);
        validation.validate_exp = false;
        let token =
            jsonwebtoken::decode::<Claims>(token, &key, &validation).expect("a good signature");
        (token.claims.exp > self.clock.now().seconds()).then_some(token.claims)
    }
}

async fn open(
    database: &Database,
    folder: &TempDir,
    clock: &Clock,
    key: u8,
) -> anyhow::Result<AppState> {
    let path = |name: &str| folder.path().join(name).display().to_string();
    for name in ["cert.pem", "key.pem", "ca.pem"] {
        std::fs::write(path(name), "not read here")?;
    }
    let master: [u8; 32] = std::array::from_fn(|place| key.wrapping_add(place as u8));
    let settings = Settings::from_pairs([
        ("TLS_CERT_FILE", path("cert.pem")),
        ("TLS_KEY_FILE", path("key.pem")),
        ("TLS_CA_FILE", path("ca.pem")),
        ("DATABASE_URL", database.url().to_owned()),
        ("AUTH_MASTER_KEY", BASE64_STANDARD.encode(master)),
        ("ISSUER_URL", "https://localhost:8080".to_owned()),
        ("SEED_ACCOUNTS_FILE", path("seed.json")),
    ]);
    let config = settings.load(Config::read)?;
    AppState::open(&config, clock.clone()).await
}

pub fn form_encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
