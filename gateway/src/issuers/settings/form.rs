//! One `[[issuer]]` as it is written, and what may be wrong with its values.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use jsonwebtoken::Algorithm;
use serde::Deserialize;
use url::Url;

use super::IssuerConfig;
use crate::issuers::mapping::Mapping;
use crate::route_table::ROLES;

const ALGORITHMS: [Algorithm; 4] = [
    Algorithm::ES256,
    Algorithm::RS256,
    Algorithm::PS256,
    Algorithm::EdDSA,
];
/// Seconds. No revocation of a foreign issuer reaches the gateway, so its tokens should not live long.
const USUAL_LIFE: i64 = 3_600;
const LONGEST_LIFE: i64 = 24 * 3_600;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    pub(super) name: String,
    pub(super) issuer: String,
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

/// Notes faults under the issuer's name.
pub(super) struct Check<'f> {
    pub(super) name: String,
    pub(super) faults: &'f mut Vec<String>,
}

impl Check<'_> {
    fn fault(&mut self, key: &str, message: impl fmt::Display) {
        self.faults
            .push(format!("issuer {}: `{key}` {message}", self.name));
    }

    pub(super) fn that(&mut self, is_so: bool, key: &str, message: &str) {
        if !is_so {
            self.fault(key, message);
        }
    }
}

impl Form {
    pub(super) fn read(self, check: &mut Check<'_>) -> Option<IssuerConfig> {
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
