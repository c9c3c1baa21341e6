//! Reads `routes.toml` and tells every fault at once, each with its line.
//!
//! The text is walked by hand rather than by serde, which stops at the first fault and tells no lines of the others.

mod access;
mod audit;
mod body;
mod fields;
mod jail;
mod limits;
mod redis_away;

use std::sync::Arc;
use std::time::Duration;

use http::Method;

use super::pattern::{Overlap, Pattern, UpstreamPath};
use super::{Access, LimitClass, Route, RouteFault, Service, Target};
pub(super) use fields::line_of;
use fields::{Fields, Spot};
pub(super) use jail::jail;
use limits::Classes;
use redis_away::read_redis_away;

const KEYS: &[&str] = &[
    "name",
    "methods",
    "path",
    "upstream",
    "upstream_path",
    "access",
    "deadline_ms",
    "client_credentials",
    "audit",
    "body",
    "max_body",
    "schema",
    "streamed",
    "limits",
    "redis_away",
];
const METHODS: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];
/// No answer is worth waiting for longer than this.
const LONGEST_DEADLINE_MS: u64 = 120_000;

/// A route with what the tree needs to file it.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) route: Route,
    pub(super) pattern: Pattern,
    pub(super) methods: Vec<Method>,
    line: usize,
}

/// What the text says, whole.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) rows: Vec<Row>,
    pub(super) limits: Vec<Arc<LimitClass>>,
}

pub(super) fn document(text: &str) -> Result<Document, Vec<RouteFault>> {
    let (document, errors) = toml::de::DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        let fault = |error: &toml::de::Error| RouteFault {
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            message: error.message().to_owned(),
        };
        return Err(errors.iter().map(fault).collect());
    }
    let mut faults = Vec::new();
    let known = ["route", "limits", "jail"];
    let mut top = Fields::new(text, Spot::top(&document), &known, &mut faults);
    let classes = Classes::read(&mut top);
    let tables = top.tables("route");
    let mut rows = Vec::new();
    for table in tables {
        let fields = Fields::new(text, table, KEYS, &mut faults);
        rows.extend(read_row(fields, &classes));
    }
    compare(&rows, &mut faults);
    if faults.is_empty() {
        Ok(Document {
            rows,
            limits: classes.into_sound(),
        })
    } else {
        Err(faults)
    }
}

/// Reads all fields before it gives up, so that each fault is noted.
fn read_row(mut fields: Fields<'_, '_>, classes: &Classes<'_>) -> Option<Row> {
    let line = fields.line();
    let name = fields.required_text("name");
    let methods = read_methods(&mut fields);
    let path = fields.required_text("path");
    let pattern = path.and_then(|text| fields.checked("path", Pattern::parse(text)));
    let target = read_target(&mut fields, path, pattern.as_ref());
    let access = access::read_access(&mut fields);
    let deadline = fields.required_number("deadline_ms", 1..=LONGEST_DEADLINE_MS);
    let client_credentials = fields.flag("client_credentials");
    let audit = audit::read_audit(&mut fields);
    let known_methods = methods.as_deref().filter(|methods| !methods.is_empty());
    let body = known_methods.map(|methods| body::read_body(&mut fields, methods));
    let redis_away = known_methods.map(|methods| read_redis_away(&mut fields, methods));
    if let (Some(access), Some(methods)) = (&access, known_methods) {
        access::check_api_key(&mut fields, access, methods);
    }
    let limits = classes.of_route(&mut fields, access.as_ref(), redis_away.flatten());

    let (target, access) = (target?, access?);
    if access == Access::Public && path?.starts_with("/api/") {
        fields.fault("access", "nothing under /api/ is public (L2)");
    }
    let to_auth = matches!(
        target,
        Target::Upstream {
            service: Service::Auth,
            ..
        }
    );
    if client_credentials? && !(to_auth && access == Access::Public) {
        fields.fault("client_credentials", "is for public routes of auth only");
    }
    let route = Route {
        name: name?.into(),
        access,
        target,
        deadline: Duration::from_millis(deadline?),
        client_credentials: client_credentials?,
        audit: audit?,
        body: body??,
        limits: limits?,
        redis_away: redis_away??,
    };
    Some(Row {
        route,
        pattern: pattern?,
        methods: methods?,
        line,
    })
}

fn read_methods(fields: &mut Fields<'_, '_>) -> Option<Vec<Method>> {
    let names = fields.required_words("methods")?;
    if names.is_empty() {
        fields.fault("methods", "names no method");
    }
    let mut methods = Vec::new();
    for name in names {
        match METHODS.iter().find(|method| method.as_str() == name) {
            Some(method) if methods.contains(method) => {
                fields.fault("methods", format!("{name} is there twice"));
            }
            Some(method) => methods.push(method.clone()),
            None => fields.fault(
                "methods",
                format!("{name} is not one of GET, POST, PUT, PATCH, DELETE"),
            ),
        }
    }
    Some(methods)
}

fn read_target(
    fields: &mut Fields<'_, '_>,
    path: Option<&str>,
    pattern: Option<&Pattern>,
) -> Option<Target> {
    let upstream = fields.required_text("upstream");
    let upstream_path = fields.optional_text("upstream_path");
    if upstream? == "gateway" {
        if upstream_path?.is_some() {
            fields.fault("upstream_path", "the gateway's own routes have none");
        }
        return Some(Target::Gateway);
    }
    let service = Service::ALL
        .into_iter()
        .find(|service| Some(service.as_str()) == upstream);
    if service.is_none() {
        fields.fault(
            "upstream",
            format!(
                "{} is not one of auth, catalog, booking, payment, gateway",
                upstream?
            ),
        );
    }
    let text = upstream_path?.or(path)?;
    let path = fields.checked("upstream_path", UpstreamPath::parse(text, pattern?))?;
    Some(Target::Upstream {
        service: service?,
        path,
    })
}

/// Faults that only two rows together have.
fn compare(rows: &[Row], faults: &mut Vec<RouteFault>) {
    for (index, row) in rows.iter().enumerate() {
        for earlier in &rows[..index] {
            let mut fault = |message: String| {
                faults.push(RouteFault {
                    line: row.line,
                    message,
                })
            };
            let (name, other, line) = (&row.route.name, &earlier.route.name, earlier.line);
            if name == other {
                fault(format!("the name {name} is that of line {line} too"));
            }
            let shared = row
                .methods
                .iter()
                .find(|method| earlier.methods.contains(method));
            match (row.pattern.overlap(&earlier.pattern), shared) {
                (Overlap::Same, Some(method)) => {
                    fault(format!(
                        "{name}: {method} on this path is {other} already (line {line})"
                    ));
                }
                (Overlap::Doubtful, _) => fault(format!(
                    "{name} overlaps {other} (line {line}): a path can match both, and neither is the more exact"
                )),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
