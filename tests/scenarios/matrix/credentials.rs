//! The columns of the matrix: what a caller may show, and what a route's `access` says to it.

use escale_tests::{TestIssuer, Town};
use gateway::route_table::{Access, BUILT_IN, RouteTable};
use http::StatusCode;
use secrecy::ExposeSecret;
use serde_json::json;
use service_kit::api_key::ApiKey;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials<'t> {
    None,
    Rubbish,
    Expired(Rights<'t>),
    ForeignAudience(Rights<'t>),
    ForeignIssuer(Rights<'t>),
    /// The right `kid`, claims and rights, and another key.
    ForeignKey(Rights<'t>),
    /// Every scope that there is but this one.
    WithoutScope(&'t str, Rights<'t>),
    /// Right but for a role that the route does not name.
    OtherRole(Rights<'t>),
    /// `client_credentials`: nobody's roles.
    Application(Rights<'t>),
    Right(Rights<'t>),
    /// A key that auth knows, with this scope.
    ApiKey(&'t str),
    /// Of the right form, and nobody's.
    MadeUpKey,
    /// A good key beside a good token.
    KeyAndToken(Rights<'t>),
}

/// What a token holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights<'t> {
    scopes: Vec<&'t str>,
    roles: Vec<&'t str>,
}

/// Texts of keys, of which auth knows two.
pub struct SampleKeys {
    pub good: String,
    pub of_another_scope: String,
    pub made_up: String,
}

impl SampleKeys {
    pub fn new() -> Self {
        let key = || ApiKey::random().reveal().expose_secret().to_owned();
        Self {
            good: key(),
            of_another_scope: key(),
            made_up: key(),
        }
    }

    /// What the spy in auth's place answers when the gateway asks.
    pub fn publish(&self, town: &Town) {
        let path = |key: &str| {
            let hash = key.parse::<ApiKey>().unwrap().hash();
            format!("/internal/api-keys/{hash}")
        };
        let (auth, id) = (&town.spies["auth"], uuid::Uuid::new_v4());
        let now = town.now().seconds();
        for (key, scope) in [
            (&self.good, "tours:read"),
            (&self.of_another_scope, "tours:readonly"),
        ] {
            let holder =
                json!({ "id": id, "owner": id, "scope": scope, "expires": i64::MAX, "as_of": now });
            auth.answer(&path(key), holder);
        }
        auth.answer_with(StatusCode::NOT_FOUND, &path(&self.made_up), json!({}));
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Passes,
    Refused(u16, &'static str),
}

impl<'t> Credentials<'t> {
    /// For a public route the rights are anything: they are not looked at.
    pub fn all_for(access: &'t Access) -> Vec<Self> {
        let (scopes, roles) = match access {
            Access::Public => (vec!["tours:read"], vec!["user"]),
            Access::Protected { scopes, roles, .. } => (words(scopes), words(roles)),
        };
        let with = |scopes: &[&'t str], roles: &[&'t str]| Rights {
            scopes: scopes.to_vec(),
            roles: roles.to_vec(),
        };
        let one_role = roles.get(..1).unwrap_or_default();
        let right = with(&scopes, one_role);
        let known = ["user", "guide", "admin", "nobody-knows-it"];
        let other: Vec<_> = known
            .into_iter()
            .filter(|role| !roles.contains(role))
            .collect();
        let mut all = vec![
            Self::None,
            Self::Rubbish,
            Self::Expired(right.clone()),
            Self::ForeignAudience(right.clone()),
            Self::ForeignIssuer(right.clone()),
            Self::ForeignKey(right.clone()),
            Self::KeyAndToken(right),
            Self::ApiKey("tours:read"),
            Self::ApiKey("tours:readonly"),
            Self::MadeUpKey,
            Self::OtherRole(with(&scopes, &other)),
            Self::Application(with(&scopes, &[])),
        ];
        all.extend(
            scopes
                .iter()
                .map(|scope| Self::WithoutScope(scope, with(&[], one_role))),
        );
        all.extend(roles.iter().map(|role| Self::Right(with(&scopes, &[role]))));
        all
    }

    /// What the row of the table says to it; the order is that of the stack: 401, then scopes, then roles.
    pub fn expected(&self, access: &Access) -> Expected {
        let Access::Protected { roles, .. } = access else {
            return Expected::Passes;
        };
        match self {
            Self::None => Expected::Refused(401, "authorization_missing"),
            Self::KeyAndToken(_) => Expected::Refused(400, "ambiguous_header"),
            Self::ApiKey(_) | Self::MadeUpKey if !access.takes_api_keys() => {
                Expected::Refused(401, "authorization_missing")
            }
            Self::ApiKey("tours:read") => Expected::Passes,
            Self::ApiKey(_) => Expected::Refused(403, "insufficient_scope"),
            Self::MadeUpKey => Expected::Refused(401, "api_key_invalid"),
            Self::Expired(_) => Expected::Refused(401, "token_expired"),
            Self::Rubbish
            | Self::ForeignAudience(_)
            | Self::ForeignIssuer(_)
            | Self::ForeignKey(_) => Expected::Refused(401, "token_invalid"),
            Self::WithoutScope(..) => Expected::Refused(403, "insufficient_scope"),
            Self::OtherRole(_) | Self::Application(_) if !roles.is_empty() => {
                Expected::Refused(403, "role_required")
            }
            Self::OtherRole(_) | Self::Application(_) | Self::Right(_) => Expected::Passes,
        }
    }

    /// What stands in `X-API-Key`.
    pub fn api_key(&self, keys: &'t SampleKeys) -> Option<&'t str> {
        match self {
            Self::ApiKey("tours:read") | Self::KeyAndToken(_) => Some(&keys.good),
            Self::ApiKey(_) => Some(&keys.of_another_scope),
            Self::MadeUpKey => Some(&keys.made_up),
            _ => None,
        }
    }

    pub fn token(&self, town: &Town, issuer: &TestIssuer, stranger: &TestIssuer) -> Option<String> {
        let claims = |rights: &Rights<'_>| issuer.claims_of(town, &rights.scopes, &rights.roles);
        let signed_with = |rights, claim: &str, value| {
            let mut claims = claims(rights);
            claims[claim] = value;
            Some(issuer.sign_claims(&claims))
        };
        match self {
            Self::None | Self::ApiKey(_) | Self::MadeUpKey => None,
            Self::Rubbish => Some("not.a.token".to_owned()),
            // RFC 7519 section 4.1.4: not accepted on the second that it names.
            Self::Expired(rights) => signed_with(rights, "exp", json!(town.now().seconds())),
            Self::ForeignAudience(rights) => signed_with(rights, "aud", json!("another-api")),
            Self::ForeignIssuer(rights) => {
                signed_with(rights, "iss", json!("https://evil.example"))
            }
            Self::ForeignKey(rights) => Some(stranger.sign_claims(&claims(rights))),
            Self::WithoutScope(scope, rights) => {
                signed_with(rights, "scope", json!(every_scope_but(scope)))
            }
            Self::OtherRole(rights)
            | Self::Application(rights)
            | Self::Right(rights)
            | Self::KeyAndToken(rights) => Some(issuer.sign_claims(&claims(rights))),
        }
    }
}

fn words(words: &[Box<str>]) -> Vec<&str> {
    words.iter().map(|word| &**word).collect()
}

/// With two that a comparison by substring would take for it.
fn every_scope_but(scope: &str) -> String {
    let table = RouteTable::read(BUILT_IN).unwrap();
    let mut scopes = vec![format!("{scope}:more"), format!("x{scope}")];
    for route in table.routes() {
        if let Access::Protected { scopes: named, .. } = &route.access {
            scopes.extend(named.iter().map(ToString::to_string));
        }
    }
    scopes.retain(|named| named != scope);
    scopes.join(" ")
}
