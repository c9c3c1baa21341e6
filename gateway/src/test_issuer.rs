//! An authorisation server for unit tests: one key, and tokens that are right or wrong in a single place.

use std::sync::Arc;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use futures_util::FutureExt;
use serde_json::{Value, json};
use service_kit::clock::{Clock, Timestamp};
use service_kit::lifecycle::Lifecycle;

use crate::api_keys::ApiKeys;
use crate::issuers::Issuer;
use crate::jwks::Jwks;
use crate::layers::authenticate::Verifiers;
use crate::revocations::{News, Position, Revocations};
use crate::tokens::Tokens;

pub const ISSUER: &str = "https://issuer.test";
pub const AUDIENCE: &str = "escale-api";
pub const ALICE: &str = "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10";
/// The second at which tests begin.
pub const NOW: i64 = 1_800_000_000;

pub struct TestIssuer {
    pub kid: String,
    pair: EcdsaKeyPair,
}

impl TestIssuer {
    pub fn new(kid: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key pair");
        Self {
            kid: kid.to_owned(),
            pair,
        }
    }

    /// Uncompressed: 4, x, y.
    pub fn public_point(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    pub fn jwk(&self) -> Value {
        let (x, y) = self.public_point()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid, "x": x, "y": y })
    }

    pub fn jwks(&self) -> String {
        json!({ "keys": [self.jwk()] }).to_string()
    }

    pub fn header(&self) -> Value {
        json!({ "alg": "ES256", "typ": "at+jwt", "kid": self.kid })
    }

    /// Alice's, good for 15 minutes.
    pub fn claims(&self) -> Value {
        json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": ALICE, "iat": NOW, "exp": NOW + 900,
            "jti": "3f0c", "client_id": "escale-web", "scope": "tours:read bookings:read", "roles": ["user"],
        })
    }

    pub fn token(&self) -> String {
        self.sign(&self.header().to_string(), &self.claims().to_string())
    }

    /// The good token with another value for one claim.
    pub fn token_with(&self, claim: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims[claim] = value;
        self.sign(&self.header().to_string(), &claims.to_string())
    }

    /// Signs whatever it is given: texts, so that they may be wrong in any way.
    pub fn sign(&self, header: &str, claims: &str) -> String {
        let message = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(claims)
        );
        let signature = self
            .pair
            .sign(&SystemRandom::new(), message.as_bytes())
            .expect("a signature");
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// A verifier that knows this issuer's key, and the life whose clock it reads.
    pub fn tokens(&self) -> (Tokens, Lifecycle) {
        let life = Lifecycle::new(Clock::manual(Timestamp(NOW * 1000)));
        let document = Bytes::from(self.jwks());
        let jwks = Jwks::new(
            Arc::new(move || std::future::ready(Ok(document.clone())).boxed()),
            &life,
        );
        (
            Tokens::new(jwks, life.clock.clone(), ISSUER, AUDIENCE),
            life,
        )
    }
}

impl Tokens {
    /// A verifier of one issuer's tokens, of which none is revoked.
    pub fn new(jwks: Jwks, clock: Clock, issuer: &str, audience: &str) -> Self {
        Self::of(
            vec![Issuer::own(issuer, audience, jwks)],
            none_revoked(),
            clock,
        )
    }
}

impl Verifiers {
    /// For tests without API keys.
    pub fn of(tokens: Tokens) -> Self {
        let life = Lifecycle::new(Clock::manual(Timestamp(NOW * 1000)));
        Self {
            tokens,
            keys: no_keys(&life),
        }
    }
}

/// Every key is nobody's.
pub fn no_keys(life: &Lifecycle) -> ApiKeys {
    let ask = |_| std::future::ready(Ok(None)).boxed();
    ApiKeys::new(Arc::new(ask), none_revoked(), life)
}

/// A list that has come, and is empty.
pub fn none_revoked() -> Revocations {
    let revocations = Revocations::unknown();
    let position = Position {
        feed: "test".to_owned(),
        after: 0,
    };
    let news = News {
        position,
        more: false,
        revocations: Vec::new(),
    };
    revocations.take(&news, Timestamp(NOW * 1000));
    revocations
}
