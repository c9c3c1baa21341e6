//! `ISSUERS_FILE`: the further issuers whose tokens are taken. Absent: none.
//!
//! ```toml
//! [[issuer]]
//! name = "keycloak"                              # for logs and metrics
//! issuer = "https://sso.example.org/realms/escale" # `iss`, and the discovery document's `issuer`, letter by letter
//! audience = "escale-api"                        # an audience for APIs, never a client's id: ID tokens carry that
//! algorithms = ["RS256"]                         # ES256, RS256, PS256, EdDSA; the token chooses none
//! types = ["JWT"]                                # `typ`; default ["at+jwt"]; Keycloak sends JWT
//! hosts = ["sso.example.org:443"]                # where the key set may be; default: the issuer's host
//! ca_file = "certs/sso-ca.pem"                   # its TLS authorities; default: those of the system
//! longest_life = 3600                            # seconds from `iat` to `exp`; default 3600
//! scopes = ["tours:read", "bookings:read"]       # scopes that its tokens may carry
//! scope_claim = "scope"                          # a text or a list; default "scope"
//! roles = { traveller = "user" }                 # their role, and ours: user, guide, admin; others are dropped
//! roles_claim = "realm_access.roles"             # default "roles"
//! ```

mod form;

use std::path::PathBuf;

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use service_kit::config::Settings;
use url::Url;

use super::mapping::Mapping;
use crate::jwks::OWN;
use form::{Check, Form};

const KEY: &str = "ISSUERS_FILE";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerConfig {
    pub name: String,
    pub issuer: String,
    pub audience: String,
    pub algorithms: Vec<Algorithm>,
    pub types: Vec<String>,
    /// The discovery document.
    pub document: Url,
    pub hosts: Vec<(String, u16)>,
    pub authorities: Option<PathBuf>,
    pub longest_life: i64,
    pub mapping: Mapping,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    issuer: Vec<Form>,
}

/// `own`: the platform's own issuer, which no other may claim to be.
///
/// A file that is no TOML, or has an unknown or a missing key, is told with its line; wrong values are told all at once.
pub fn read(settings: &Settings, own: Option<&str>) -> Option<Vec<IssuerConfig>> {
    let path: Option<PathBuf> = settings.parse_optional(KEY)?;
    let Some(path) = path else {
        return Some(Vec::new());
    };
    let name = format!("{KEY} {}", path.display());
    let text = std::fs::read_to_string(&path);
    let text = text
        .map_err(|error| settings.fault(&name, format_args!("cannot be read ({error})")))
        .ok()?;
    parse(&text, own)
        .map_err(|faults| faults.iter().for_each(|fault| settings.fault(&name, fault)))
        .ok()
}

fn parse(text: &str, own: Option<&str>) -> Result<Vec<IssuerConfig>, Vec<String>> {
    let file: File = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
    let mut faults = Vec::new();
    let mut issuers: Vec<IssuerConfig> = Vec::new();
    for form in file.issuer {
        let mut check = Check {
            name: form.name.clone(),
            faults: &mut faults,
        };
        check.that(form.name != OWN, "name", "is the platform's own");
        check.that(
            Some(form.issuer.as_str()) != own,
            "issuer",
            "is the platform's own",
        );
        let is_new = |same: fn(&IssuerConfig, &Form) -> bool| {
            !issuers.iter().any(|earlier| same(earlier, &form))
        };
        check.that(is_new(|a, b| a.name == b.name), "name", "is there twice");
        check.that(
            is_new(|a, b| a.issuer == b.issuer),
            "issuer",
            "is there twice",
        );
        issuers.extend(form.read(&mut check));
    }
    if faults.is_empty() {
        Ok(issuers)
    } else {
        Err(faults)
    }
}

#[cfg(test)]
mod tests;
