//! An authorisation server in auth's place that signs whatever a test wants, and whose key set may be ill.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::town::Town;

/// How it answers when it is asked for its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// Takes the question and never answers.
    Hangs,
    /// Answers with 5 MB.
    Endless,
}

/// Clones are one issuer.
#[derive(Clone)]
pub struct TestIssuer(Arc<Inner>);

struct Inner {
    kid: String,
    pair: EcdsaKeyPair,
    mood: Mutex<Mood>,
    fetches: AtomicUsize,
}

/// What stands before the point in a P-256 SubjectPublicKeyInfo (RFC 5480 section 2).
const P256_SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

impl TestIssuer {
    pub fn new(kid: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key pair");
        Self(Arc::new(Inner {
            kid: kid.to_owned(),
            pair,
            mood: Mutex::new(Mood::Well),
            fetches: AtomicUsize::new(0),
        }))
    }

    /// What a [`crate::Plan`] puts into auth's place.
    pub fn app(&self) -> Router {
        Router::new()
            .route("/.well-known/jwks.json", get(keys))
            .route("/internal/revocations", get(revocations))
            .with_state(self.clone())
    }

    pub fn feels(&self, mood: Mood) {
        *self.0.mood.lock().unwrap() = mood;
    }

    /// How often its keys were asked for.
    pub fn fetches(&self) -> usize {
        self.0.fetches.load(Ordering::SeqCst)
    }

    /// The public key as SubjectPublicKeyInfo.
    pub fn public_der(&self) -> Vec<u8> {
        [&P256_SPKI, self.0.pair.public_key().as_ref()].concat()
    }

    pub fn public_pem(&self) -> String {
        let text = STANDARD.encode(self.public_der());
        let (first, second) = text.split_at(64);
        format!("-----BEGIN PUBLIC KEY-----\n{first}\n{second}\n-----END PUBLIC KEY-----\n")
    }

    pub fn jwk(&self) -> Value {
        // The public point, uncompressed: 4, x, y.
        let (x, y) = self.0.pair.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.0.kid, "x": x, "y": y })
    }

    pub fn header(&self) -> Value {
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": self.0.kid })
    }

    /// Gives the key out by the spy that stands in auth's place.
    pub fn publish(&self, town: &Town) {
        let auth = &town.spies["auth"];
        auth.answer("/.well-known/jwks.json", self.key_set());
        auth.answer("/internal/revocations", nothing_revoked());
    }

    fn key_set(&self) -> Value {
        json!({ "keys": [self.jwk()] })
    }

    /// A user's good claims for the next 15 minutes of the town.
    pub fn claims(&self, town: &Town) -> Value {
        self.claims_of(town, &["tours:read"], &["user"])
    }

    /// The same for any rights; without roles they are an application's.
    pub fn claims_of(&self, town: &Town, scopes: &[&str], roles: &[&str]) -> Value {
        let now = town.now().seconds();
        let id = || uuid::Uuid::new_v4().to_string();
        json!({
            "iss": format!("https://localhost:{}", town.address("gateway").port()),
            "aud": "escale-api", "sub": id(), "iat": now, "exp": now + 900, "jti": id(),
            "client_id": "escale-web", "scope": scopes.join(" "), "roles": roles,
        })
    }

    pub fn token(&self, town: &Town) -> String {
        self.sign_claims(&self.claims(town))
    }

    pub fn sign_claims(&self, claims: &Value) -> String {
        self.sign(&self.header(), claims)
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        self.sign_text(&header.to_string(), &claims.to_string())
    }

    /// Signs texts, which may be wrong in any way.
    pub fn sign_text(&self, header: &str, claims: &str) -> String {
        let message = message(header, claims);
        let signature = self.0.pair.sign(&SystemRandom::new(), message.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.expect("a signature"));
        format!("{message}.{signature}")
    }
}

/// What is signed: header and claims, each in base64url.
pub fn message(header: &str, claims: &str) -> String {
    let [header, claims] = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part));
    format!("{header}.{claims}")
}

async fn keys(State(issuer): State<TestIssuer>) -> Response {
    issuer.0.fetches.fetch_add(1, Ordering::SeqCst);
    let mood = *issuer.0.mood.lock().unwrap();
    match mood {
        Mood::Well => Json(issuer.key_set()).into_response(),
        Mood::Hangs => std::future::pending().await,
        Mood::Endless => vec![b' '; 5_000_000].into_response(),
    }
}

/// Nothing is ever revoked: told at once to who does not know it yet, and never again.
async fn revocations(Query(asked): Query<Vec<(String, String)>>) -> Json<Value> {
    if !asked.is_empty() {
        std::future::pending::<()>().await;
    }
    Json(nothing_revoked())
}

/// Without a list of what was revoked the gateway opens nothing.
fn nothing_revoked() -> Value {
    json!({ "feed": "test", "last": 0, "more": false, "revocations": [] })
}
