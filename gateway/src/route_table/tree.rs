//! Finds a path's routes by its segments: the work grows with the length of the path, not with the number of routes.

use std::collections::HashMap;
use std::str::Split;
use std::sync::Arc;

use http::Method;

use super::Route;
use super::pattern::{Pattern, Segment};

#[derive(Debug, Default)]
pub(super) struct Node {
    literals: HashMap<Box<str>, Node>,
    parameter: Option<Box<Node>>,
    /// The routes whose pattern ends here, by method.
    pub(super) routes: Vec<(Method, Arc<Route>)>,
}

impl Node {
    pub(super) fn insert(&mut self, pattern: &Pattern, methods: &[Method], route: &Arc<Route>) {
        let mut node = self;
        for segment in &pattern.0 {
            node = match segment {
                Segment::Literal(text) => node.literals.entry(text.clone()).or_default(),
                Segment::Parameter(_) => node.parameter.get_or_insert_default(),
            };
        }
        for method in methods {
            node.routes.push((method.clone(), Arc::clone(route)));
        }
    }

    /// A literal wins over a parameter. Going back to the parameter when the literal leads nowhere is bounded by the
    /// longest pattern (8 segments), and no two patterns are in doubt: the reader has refused those.
    pub(super) fn find(&self, mut segments: Split<'_, char>) -> Option<&Node> {
        let Some(segment) = segments.next() else {
            return (!self.routes.is_empty()).then_some(self);
        };
        let literal = self.literals.get(segment);
        literal
            .and_then(|node| node.find(segments.clone()))
            .or_else(|| self.parameter.as_ref().and_then(|node| node.find(segments)))
    }
}
