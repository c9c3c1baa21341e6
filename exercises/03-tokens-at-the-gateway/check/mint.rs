//! An authorisation server in auth's place, whose key is ours: it signs whatever a criterion wants.

use aws_lc_rs::signature::{EcdsaKeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::{Case, Failure, Plan, Town, Verdict, Visitor, forge};

const KID: &str = "k1";
/// What stands before the point in a P-256 SubjectPublicKeyInfo (RFC 5480 section 2).
const P256_SPKI: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];
/// While the gateway fetches the key set for the first time it cannot judge, and says 503.
const TRIES: u32 = 50;

pub struct Mint {
    pub town: Town,
    pair: EcdsaKeyPair,
    issuer: String,
    subject: String,
    now: i64,
}

impl Mint {
    /// A platform that trusts this mint, with a spy in the place of the catalogue; a good token of it passes.
    pub async fn open(case: &Case) -> Result<Self, Failure> {
        let town = case
            .town(Plan::default().spy("auth").spy("catalog"))
            .await?;
        let mint = Self {
            issuer: format!("https://localhost:{}", town.address("gateway")?.port()),
            now: town.now().await? / 1_000,
            pair: forge::es256_key(),
            subject: format!(
                "{:08x}-58a5-4b3b-9d52-0f6f3c1f2a10",
                case.dice.within(0..0xffff_ffff)
            ),
            town,
        };
        let keys = json!({"keys": [mint.jwk()]});
        mint.town
            .answers("auth", "/.well-known/jwks.json", keys)
            .await?;
        let revoked = json!({"feed": "mint", "last": 0, "more": false, "revocations": []});
        mint.town
            .answers("auth", "/internal/revocations", revoked)
            .await?;
        let bearer = mint.bearer(&mint.token())?;
        for _ in 0..TRIES {
            let answer = bearer.get("/api/tours").await?;
            if answer.status != 503 {
                answer.expect_status(200)?;
                return Ok(mint);
            }
        }
        Err(Failure::Broken(
            "the gateway has not fetched the keys".to_owned(),
        ))
    }

    pub fn header(&self) -> Value {
        json!({"alg": "ES256", "typ": "at+jwt", "kid": KID})
    }

    /// Those of a user's good token.
    pub fn claims(&self) -> Value {
        json!({
            "iss": self.issuer, "aud": "escale-api", "sub": self.subject, "iat": self.now,
            "exp": self.now + 900, "jti": uuid::Uuid::new_v4(), "client_id": "escale-web",
            "scope": "tours:read", "roles": ["user"],
        })
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        forge::es256(header, claims, &self.pair)
    }

    pub fn token(&self) -> String {
        self.sign(&self.header(), &self.claims())
    }

    pub fn bearer(&self, token: &str) -> Result<Visitor, Failure> {
        Ok(self.town.visitor()?.with_token(token))
    }

    pub async fn passes(&self, token: &str) -> Verdict {
        let answer = self.bearer(token)?.get("/api/tours").await?;
        answer.expect_status(200).map(drop)
    }

    /// 401, and the service never hears of it.
    pub async fn refused(&self, token: &str) -> Verdict {
        let answer = self.bearer(token)?.get("/api/tours").await?;
        let (header, claims) = forge::parts(token);
        answer
            .expect_refused(401, "token_invalid")
            .map(drop)
            .map_err(|failure| {
                failure.note(
                    format!("Ce jeton dit : {header} {claims}"),
                    format!("This token says: {header} {claims}"),
                )
            })
    }

    pub async fn refused_with(&self, claim: &str, value: Value) -> Verdict {
        self.refused(&self.with(claim, value)).await
    }

    pub async fn passes_with(&self, claim: &str, value: Value) -> Verdict {
        self.passes(&self.with(claim, value)).await
    }

    fn with(&self, claim: &str, value: Value) -> String {
        let mut claims = self.claims();
        claims[claim] = value;
        self.sign(&self.header(), &claims)
    }

    /// As an attacker may try them: nobody knows which bytes a careless verifier would take for a secret.
    pub fn public_key_in_all_forms(&self) -> Vec<Vec<u8>> {
        let point = self.pair.public_key().as_ref();
        let der = [&P256_SPKI[..], point].concat();
        let text = STANDARD.encode(&der);
        let (first, second) = text.split_at(64);
        let pem =
            format!("-----BEGIN PUBLIC KEY-----\n{first}\n{second}\n-----END PUBLIC KEY-----\n");
        vec![
            point.to_vec(),
            point[1..].to_vec(),
            der,
            pem.trim_end().as_bytes().to_vec(),
            pem.into_bytes(),
            self.jwk().to_string().into_bytes(),
            Vec::new(),
        ]
    }

    fn jwk(&self) -> Value {
        // The public point, uncompressed: 4, x, y.
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": KID, "x": x, "y": y})
    }
}
