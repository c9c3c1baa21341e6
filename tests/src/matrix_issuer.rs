//! An authorisation server in auth's place that signs whatever it is asked to, so that a token is wrong in one place
//! alone.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::town::Town;

pub struct MatrixIssuer {
    pair: EcdsaKeyPair,
    issuer: String,
}

impl MatrixIssuer {
    /// Its tokens name the town's issuer; nobody knows its key until it is [published](Self::publish).
    pub fn new(town: &Town) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        Self {
            pair: pair.expect("a key pair"),
            issuer: format!("https://localhost:{}", town.address("gateway").port()),
        }
    }

    /// Gives the key out by the spy that stands in auth's place.
    pub fn publish(&self, town: &Town) {
        // The public point, uncompressed: 4, x, y.
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        let key = json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": "m", "x": x, "y": y });
        let auth = &town.spies["auth"];
        auth.answer("/.well-known/jwks.json", json!({ "keys": [key] }));
        // Without a list of what was revoked the gateway opens nothing.
        let nothing = json!({ "feed": "t", "last": 0, "more": false, "revocations": [] });
        auth.answer("/internal/revocations", nothing);
    }

    /// A user's (or, without roles, an application's) good claims for the next 15 minutes.
    pub fn claims(&self, town: &Town, scopes: &[&str], roles: &[&str]) -> Value {
        let now = town.now().seconds();
        let id = || uuid::Uuid::new_v4().to_string();
        json!({
            "iss": self.issuer, "aud": "escale-api", "sub": id(), "iat": now, "exp": now + 900,
            "jti": id(), "client_id": "escale-web", "scope": scopes.join(" "), "roles": roles,
        })
    }

    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "ES256", "typ": "at+jwt", "kid": "m" });
        let [header, claims] =
            [header.to_string(), claims.to_string()].map(|part| URL_SAFE_NO_PAD.encode(part));
        let message = format!("{header}.{claims}");
        let signature = self.pair.sign(&SystemRandom::new(), message.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(signature.expect("a signature"));
        format!("{message}.{signature}")
    }
}
