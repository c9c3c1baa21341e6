//! An ES256 key pair: signs access tokens, and shows its public half as a JWK (RFC 7517).

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::SecretSlice;
use serde::Serialize;
use utoipa::ToSchema;

use super::access_token::Claims;

/// The type that tells an access token from an ID token (RFC 9068 section 2.1).
const TYPE: &str = "at+jwt";

#[derive(Debug, Clone)]
pub struct SigningKey {
    jwk: Jwk,
    private: EncodingKey,
}

/// The public half; there is no field for the private one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Jwk {
    kty: &'static str,
    crv: &'static str,
    x: String,
    y: String,
    #[serde(rename = "use")]
    purpose: &'static str,
    alg: &'static str,
    kid: String,
}

impl SigningKey {
    /// A new key, and its private half as PKCS#8, to be sealed and stored.
    pub fn generate() -> Result<(Self, SecretSlice<u8>), Unspecified> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
        let pkcs8 = pair.to_pkcs8v1()?;
        let secret: SecretSlice<u8> = pkcs8.as_ref().to_vec().into();
        Ok((Self::new(&pair, pkcs8.as_ref()), secret))
    }

    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, KeyRejected> {
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)?;
        Ok(Self::new(&pair, pkcs8))
    }

    fn new(pair: &EcdsaKeyPair, pkcs8: &[u8]) -> Self {
        Self {
            jwk: Jwk::of_point(pair.public_key().as_ref()),
            private: EncodingKey::from_ec_der(pkcs8),
        }
    }

    pub fn kid(&self) -> &str {
        &self.jwk.kid
    }

    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    pub fn sign(&self, claims: &Claims) -> Result<String, jsonwebtoken::errors::Error> {
        let header = Header {
            typ: Some(TYPE.to_owned()),
            kid: Some(self.jwk.kid.clone()),
            ..Header::new(Algorithm::ES256)
        };
        jsonwebtoken::encode(&header, claims, &self.private)
    }
}

impl Jwk {
    /// `point`: 0x04, then both coordinates (SEC 1 section 2.3.3).
    fn of_point(point: &[u8]) -> Self {
        let (x, y) = point[1..].split_at(32);
        let (x, y) = (
            BASE64_URL_SAFE_NO_PAD.encode(x),
            BASE64_URL_SAFE_NO_PAD.encode(y),
        );
        // RFC 7638 section 3.2: the required members in alphabetical order, no spaces. A name computed from the key
        // cannot be given to another key.
        let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let kid = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()));
        Self {
            kty: "EC",
            crv: "P-256",
            x,
            y,
            purpose: "sig",
            alg: "ES256",
            kid,
        }
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::jwk::{Jwk as PeerJwk, ThumbprintHash};
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn the_kid_is_the_thumbprint_that_others_compute_too() {
        let (key, _) = SigningKey::generate().expect("a key");
        let json = serde_json::to_value(key.jwk()).expect("JSON");
        let theirs: PeerJwk = serde_json::from_value(json).expect("a JWK that others can read");
        let thumbprint = theirs.thumbprint(ThumbprintHash::SHA256);
        assert_eq!(thumbprint.expect("a thumbprint"), key.kid());
    }

    #[test]
    fn only_public_members_are_shown() {
        let (key, _) = SigningKey::generate().expect("a key");
        let json = serde_json::to_value(key.jwk()).expect("JSON");
        let mut members: Vec<&String> = json.as_object().expect("an object").keys().collect();
        members.sort();
        assert_eq!(members, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    }

    #[test]
    fn a_stored_key_comes_back_as_itself() {
        let (key, pkcs8) = SigningKey::generate().expect("a key");
        let again = SigningKey::from_pkcs8(pkcs8.expose_secret()).expect("the same key");
        assert_eq!(again.kid(), key.kid());
        assert!(!format!("{key:?}").contains("content: ["));
    }
}
