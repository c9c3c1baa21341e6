//! The route table: what exists, who may call it, and where it leads. It is read once, at start, from `routes.toml`.

pub mod body;
mod limit_class;
mod pattern;
mod read;
mod route;
mod source;
mod tree;
mod written;

use std::fmt;
use std::sync::Arc;

use http::Method;

use crate::jail;
pub use limit_class::{ADDRESS, DAILY, LimitClass, RedisAway, RouteLimit, RouteLimits};
pub use pattern::UpstreamPath;
pub use route::{Access, ROLES, Route, Service, Target};
pub use source::Source;
use tree::Node;
pub use written::{Written, WrittenRow};

/// The policy that the gateway is built with; the setting `ROUTES_FILE` names another.
pub const BUILT_IN: &str = include_str!("../routes.toml");

/// What is wrong with a route table, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteFault {
    /// Counted from 1.
    pub line: usize,
    pub message: String,
}

impl fmt::Display for RouteFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

/// What the table says about a method and a path.
#[derive(Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    Found(&'a Arc<Route>),
    /// The path exists; these methods do.
    OtherMethods(String),
    Unknown,
}

#[derive(Debug)]
pub struct RouteTable {
    routes: Vec<Arc<Route>>,
    limits: Vec<Arc<LimitClass>>,
    root: Node,
    jail: jail::Rules,
}

impl RouteTable {
    /// # Errors
    /// Every fault of the text. A table with a fault is not used in part: a missing route would be a 404 at best, and
    /// a route that shadows another a hole at worst.
    pub fn read(text: &str) -> Result<Self, Vec<RouteFault>> {
        let (document, jail) = match (read::document(text), read::jail(text)) {
            (Ok(document), Ok(jail)) => (document, jail),
            (document, jail) => {
                let faults = [document.err(), jail.err()];
                return Err(faults.into_iter().flatten().flatten().collect());
            }
        };
        let mut table = Self {
            routes: Vec::new(),
            limits: document.limits,
            root: Node::default(),
            jail,
        };
        for row in document.rows {
            let route = Arc::new(row.route);
            table.root.insert(&row.pattern, &row.methods, &route);
            table.routes.push(route);
        }
        Ok(table)
    }

    /// All routes, in the file's order.
    pub fn routes(&self) -> &[Arc<Route>] {
        &self.routes
    }

    /// What [`crate::jail`] goes by.
    pub fn jail(&self) -> &jail::Rules {
        &self.jail
    }

    /// The classes of limits, those included that no route names.
    pub fn limits(&self) -> &[Arc<LimitClass>] {
        &self.limits
    }

    /// `path` is canonical.
    pub fn find(&self, method: &Method, path: &str) -> Lookup<'_> {
        let segments = path.strip_prefix('/').unwrap_or_default().split('/');
        let Some(node) = self.root.find(segments) else {
            return Lookup::Unknown;
        };
        let wanted = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        match node.routes.iter().find(|(method, _)| method == wanted) {
            Some((_, route)) => Lookup::Found(route),
            None => Lookup::OtherMethods(allow(node)),
        }
    }
}

/// The value of `Allow` (RFC 9110 section 10.2.1).
fn allow(node: &Node) -> String {
    let mut methods = Vec::new();
    for (method, _) in &node.routes {
        methods.push(method.as_str());
        if method == Method::GET {
            methods.push("HEAD");
        }
    }
    methods.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::canonical::canonical;

    fn table() -> RouteTable {
        RouteTable::read(BUILT_IN).expect("the built-in table has no fault")
    }

    #[track_caller]
    fn name(table: &RouteTable, method: Method, path: &str) -> String {
        match table.find(&method, path) {
            Lookup::Found(route) => route.name.to_string(),
            Lookup::OtherMethods(allow) => format!("405 {allow}"),
            Lookup::Unknown => "404".to_owned(),
        }
    }

    #[test]
    fn the_built_in_table_answers_for_each_method_and_path() {
        let table = table();
        for (method, path, expected) in [
            (Method::GET, "/health", "health"),
            (Method::GET, "/api/tours", "tours.list"),
            (Method::HEAD, "/api/tours", "tours.list"),
            (Method::POST, "/api/tours", "tours.create"),
            (Method::PATCH, "/api/tours", "405 GET, HEAD, POST"),
            (Method::GET, "/api/tours/search", "tours.search"),
            // The literal wins by path, before the method is looked at: no PUT slips to `{id}`.
            (Method::PUT, "/api/tours/search", "405 GET, HEAD"),
            (Method::GET, "/api/tours/7", "tours.get"),
            (Method::DELETE, "/api/tours/7", "tours.change"),
            (Method::POST, "/api/bookings/7/cancel", "bookings.cancel"),
            (Method::OPTIONS, "/oauth/token", "405 POST"),
            (Method::GET, "/API/tours", "404"),
            (Method::GET, "/api", "404"),
            (Method::GET, "/api/tours/7/8", "404"),
            (Method::GET, "/internal/tours/7", "404"),
            (Method::GET, "/", "404"),
        ] {
            assert_eq!(name(&table, method, path), expected, "{path}");
        }
    }

    #[test]
    fn everything_under_api_asks_for_a_scope() {
        for route in table().routes() {
            if let Target::Upstream { service, .. } = &route.target
                && *service != Service::Auth
            {
                assert!(
                    matches!(&route.access, Access::Protected { scopes, .. } if !scopes.is_empty()),
                    "{}",
                    route.name
                );
            }
        }
    }

    /// L12, R18: what changes something, and what gives a token, leaves its trace.
    #[test]
    fn everything_that_is_not_a_mere_reading_is_audited() {
        for row in read::document(BUILT_IN).expect("no fault").rows {
            let reads = row.methods == [Method::GET];
            assert_eq!(row.route.audit.is_none(), reads, "{}", row.route.name);
        }
    }

    /// Proves: edge-path
    #[test]
    fn the_decision_on_a_raw_path_is_the_decision_on_its_canonical_form() {
        let table = table();
        for raw in [
            "/api/tours/%c3%a9",
            "/api/tours/%20",
            "/api/tours/A",
            "/health",
            "/api/%7b",
            "/",
        ] {
            let form = canonical(raw).expect(raw);
            assert_eq!(
                name(&table, Method::GET, raw),
                name(&table, Method::GET, &form),
                "{raw}"
            );
        }
    }
}
