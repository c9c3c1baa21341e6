//! What the table makes of one request, for whoever tells it.

use std::sync::Arc;

use http::Method;

use crate::canonical::PathFault;
use crate::route_table::{Lookup, Route, RouteTable, Written, WrittenRow};

pub(super) enum Outcome<'a> {
    Refused(PathFault),
    Unknown { path: String },
    OtherMethods { path: String, allow: String },
    Found(Found<'a>),
}

/// A request that has a route.
pub(super) struct Found<'a> {
    pub(super) method: &'a Method,
    pub(super) path: String,
    pub(super) route: Arc<Route>,
    pub(super) row: &'a WrittenRow,
    pub(super) written: &'a Written,
}

impl<'a> Outcome<'a> {
    /// `path` is canonical.
    pub(super) fn of(
        table: &RouteTable,
        written: &'a Written,
        method: &'a Method,
        path: String,
    ) -> Self {
        match table.find(method, &path) {
            Lookup::OtherMethods(allow) => Self::OtherMethods { path, allow },
            Lookup::Unknown => Self::Unknown { path },
            Lookup::Found(route) => match written.row(&route.name) {
                Some(row) => Self::Found(Found {
                    method,
                    route: Arc::clone(route),
                    path,
                    row,
                    written,
                }),
                // Both views are of one text: a route without a row does not occur.
                None => Self::Unknown { path },
            },
        }
    }
}
