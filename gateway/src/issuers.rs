//! Whose tokens the gateway takes: those of its own authorisation server, and of further issuers that the operator
//! names (Keycloak, Auth0 ..., T7) in `ISSUERS_FILE`.
//!
//! - Threat: a token that chooses its own rules (algorithm, key, issuer); a foreign issuer that makes itself an
//!   administrator here, or that names one of our users in `sub`; an ID token used as an access token.
//! - Rule: `iss` only selects one of the configured issuers, letter by letter; everything else is that issuer's
//!   configuration: where its keys are, algorithms, audience, types, longest life. The signature must be one of its own
//!   keys, and the signed `iss` is compared again. Keys of two issuers are never mixed.
//! - What a foreign token gives: see [`mapping`]; scopes and roles by an allow-list, users under ids of their own.
//! - Settings: `ISSUER_URL`, `TOKEN_AUDIENCE`, `AUTH_URL`, `ISSUERS_FILE` (see [`settings`]).

pub mod discovery;
pub mod mapping;
mod own_keys;
pub mod settings;

use jsonwebtoken::Algorithm;
use service_kit::lifecycle::Lifecycle;
use service_kit::tls::TlsError;

use crate::config::Config;
use crate::jwks::Jwks;
use crate::proxy::Upstream;
use discovery::Provider;
use mapping::Mapping;
use settings::IssuerConfig;

/// Ours live for 15 minutes (R8); one that claims more than a day is not of ours, whoever signed it.
const LONGEST_OWN_LIFE: i64 = 24 * 60 * 60;

/// One issuer: its rules, and its keys.
#[derive(Clone)]
pub struct Issuer {
    pub rules: Rules,
    pub jwks: Jwks,
}

#[derive(Debug, Clone)]
pub struct Rules {
    /// `iss`, letter by letter.
    pub issuer: String,
    /// Must be in `aud`.
    pub audience: String,
    pub algorithms: Vec<Algorithm>,
    /// `typ`, in lower case.
    pub types: Vec<String>,
    /// From `iat` to `exp`, in seconds.
    pub longest_life: i64,
    /// How a foreign issuer's claims are read; `None` for our own tokens.
    pub mapping: Option<Mapping>,
}

impl Issuer {
    /// The platform's own authorisation server.
    pub fn own(issuer: &str, audience: &str, jwks: Jwks) -> Self {
        let rules = Rules {
            issuer: issuer.to_owned(),
            audience: audience.to_owned(),
            algorithms: vec![Algorithm::ES256],
            // RFC 9068 section 4: an ID token is not an access token.
            types: vec!["at+jwt".to_owned(), "application/at+jwt".to_owned()],
            longest_life: LONGEST_OWN_LIFE,
            mapping: None,
        };
        Self { rules, jwks }
    }

    fn foreign(config: &IssuerConfig, life: &Lifecycle) -> Result<Self, TlsError> {
        let provider = Provider::new(config)?;
        let jwks = Jwks::of(
            &config.name,
            &config.algorithms,
            provider.into_fetch(),
            life,
        );
        let rules = Rules {
            issuer: config.issuer.clone(),
            audience: config.audience.clone(),
            algorithms: config.algorithms.clone(),
            types: config.types.clone(),
            longest_life: config.longest_life,
            mapping: Some(config.mapping.clone()),
        };
        Ok(Self { rules, jwks })
    }
}

/// All issuers of the configuration, our own first; their keys are fetched in the background from now on.
///
/// # Errors
/// The authorities of a foreign issuer's TLS cannot be used.
pub fn start(config: &Config, auth: &Upstream, life: &Lifecycle) -> Result<Vec<Issuer>, TlsError> {
    let jwks = Jwks::new(own_keys::fetch_from(auth.clone()), life);
    let mut issuers = vec![Issuer::own(&config.issuer, &config.audience, jwks)];
    for foreign in &config.issuers {
        issuers.push(Issuer::foreign(foreign, life)?);
    }
    issuers.iter().for_each(|issuer| issuer.jwks.keep_fresh());
    Ok(issuers)
}
