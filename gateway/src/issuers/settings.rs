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

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use service_kit::config::Settings;
use url::Url;

use super::OWN;
use super::mapping::Mapping;

const KEY: &str = "ISSUERS_FILE";
const ALGORITHMS: [Algorithm; 4] = [
    Algorithm::ES256,
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::EdDSA,
];
const ROLES: [&str; 3] = ["user", "guide", "admin"];
/// Seconds. No revocation of a foreign issuer reaches the gateway, so its tokens should not live long.
const USUAL_LIFE: i64 = 3_600;
const LONGEST_LIFE: i64 = 24 * 3_600;

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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    name: String,
    issuer: String,
    audience: String,
    algorithms: Vec<String>,
    types: Option<Vec<String>>,
    hosts: Option<Vec<String>>,
    ca_file: Option<PathBuf>,
    longest_life: Option<i64>,
    #[serde(default)]
    scopes: Vec<String>,
    scope_claim: Option<String>,
    #[serde(default)]
    roles: BTreeMap<String, String>,
    roles_claim: Option<String>,
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

/// Notes faults under the issuer's name.
struct Check<'f> {
    name: String,
    faults: &'f mut Vec<String>,
}

impl Check<'_> {
    fn fault(&mut self, key: &str, message: impl fmt::Display) {
        self.faults
            .push(format!("issuer {}: `{key}` {message}", self.name));
    }

    fn that(&mut self, is_so: bool, key: &str, message: &str) {
        if !is_so {
            self.fault(key, message);
        }
    }
}

impl Form {
    fn read(self, check: &mut Check<'_>) -> Option<IssuerConfig> {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let named = !self.name.is_empty() && self.name.bytes().all(is_name);
        check.that(named, "name", "has other than small letters, digits and -");
        check.that(!self.audience.is_empty(), "audience", "is empty");
        let life = self.longest_life.unwrap_or(USUAL_LIFE);
        let bounded = (1..=LONGEST_LIFE).contains(&life);
        check.that(
            bounded,
            "longest_life",
            "must be between 1 and 86400 seconds",
        );
        let has_file = self.ca_file.as_ref().is_none_or(|file| file.is_file());
        check.that(has_file, "ca_file", "is not a file");
        let algorithms = read_algorithms(&self.algorithms, check);
        let types = self.types.unwrap_or_else(|| vec!["at+jwt".to_owned()]);
        let types: Vec<_> = types.iter().map(|kind| kind.to_ascii_lowercase()).collect();
        check.that(!types.is_empty(), "types", "names none");
        let url = read_url(&self.issuer, check);
        let hosts = url
            .as_ref()
            .and_then(|url| read_hosts(self.hosts.as_deref(), url, check));
        for role in self.roles.values() {
            check.that(
                ROLES.contains(&role.as_str()),
                "roles",
                "gives another role than user, guide, admin",
            );
        }
        let plain =
            |word: &String| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_graphic());
        check.that(
            self.scopes.iter().all(plain),
            "scopes",
            "has a scope that is no plain word",
        );
        let roles_claim = self.roles_claim.unwrap_or_else(|| "roles".to_owned());
        let roles_path: Vec<_> = roles_claim.split('.').map(str::to_owned).collect();
        check.that(
            roles_path.iter().all(plain),
            "roles_claim",
            "is no path of names with dots",
        );
        Some(IssuerConfig {
            name: self.name,
            audience: self.audience,
            algorithms: algorithms?,
            types,
            document: document_of(&url?)?,
            issuer: self.issuer,
            hosts: hosts?,
            authorities: self.ca_file,
            longest_life: life,
            mapping: Mapping {
                scope_claim: self.scope_claim.unwrap_or_else(|| "scope".to_owned()),
                scopes: self.scopes,
                roles_path,
                roles: self.roles,
            },
        })
    }
}

fn read_algorithms(names: &[String], check: &mut Check<'_>) -> Option<Vec<Algorithm>> {
    let known = |name: &String| {
        let algorithm = name.parse().ok();
        algorithm.filter(|algorithm| ALGORITHMS.contains(algorithm))
    };
    let algorithms: Option<Vec<_>> = names.iter().map(known).collect();
    if algorithms.is_none() || names.is_empty() {
        check.fault("algorithms", "must name some of ES256, RS256, PS256, EdDSA");
    }
    algorithms
}

/// OpenID Connect Core 1.0 section 2, `iss`: https, without query and fragment.
fn read_url(issuer: &str, check: &mut Check<'_>) -> Option<Url> {
    let url = Url::parse(issuer).ok().filter(|url| {
        let is_bare = url.query().is_none() && url.fragment().is_none();
        let has_no_user = url.username().is_empty() && url.password().is_none();
        url.scheme() == "https" && url.has_host() && is_bare && has_no_user
    });
    if url.is_none() {
        check.fault(
            "issuer",
            "must be an https URL without query, fragment and user",
        );
    }
    url
}

/// OpenID Connect Discovery 1.0 section 4: a slash at the issuer's end is not doubled.
fn document_of(issuer: &Url) -> Option<Url> {
    let issuer = issuer.as_str().trim_end_matches('/');
    Url::parse(&format!("{issuer}/.well-known/openid-configuration")).ok()
}

fn read_hosts(
    names: Option<&[String]>,
    issuer: &Url,
    check: &mut Check<'_>,
) -> Option<Vec<(String, u16)>> {
    let host_of = |url: &Url| Some((url.host_str()?.to_owned(), url.port_or_known_default()?));
    let Some(names) = names else {
        return host_of(issuer).map(|host| vec![host]);
    };
    let read = |name: &String| {
        let url = Url::parse(&format!("https://{name}")).ok()?;
        let is_host = url.path() == "/" && url.query().is_none() && url.username().is_empty();
        is_host.then(|| host_of(&url)).flatten()
    };
    let hosts: Option<Vec<_>> = names.iter().map(read).collect();
    if hosts.is_none() {
        check.fault("hosts", "must be a list of host or host:port");
    }
    hosts
}

#[cfg(test)]
mod tests;
