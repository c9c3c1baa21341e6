//! One order in four places: the design's (written out here), `stack.rs`, `docs/request-path*.md`, and `explain`.

use super::*;

const STACK: &str = include_str!("../../stack.rs");
const PAGES: [(&str, &str); 2] = [
    (
        "docs/request-path.md",
        include_str!("../../../../docs/request-path.md"),
    ),
    (
        "docs/request-path.fr.md",
        include_str!("../../../../docs/request-path.fr.md"),
    ),
];

/// The lesson's diagram, top to bottom.
const DESIGN: &str = "accept request_id access_log catch_panic security_headers canonical_path route jail rate_limit \
                      content_type authenticate quota authorize audit validate identity_headers forward";

fn design() -> Vec<&'static str> {
    DESIGN.split_whitespace().collect()
}

/// What stands in the stack without being a layer of the diagram: `render_errors` writes the bodies of refusals on their
/// way out, `client_address` finds out what `jail` and `rate_limit` count by, `watch` and `jail_user` are the
/// places from which `jail` sees unknown paths and known users, and `audit_refusals` and `limit_unrouted` are the outer
/// halves of `audit` and `rate_limit`.
const ASIDE: [&str; 6] = [
    "render_errors",
    "client_address",
    "audit_refusals",
    "watch",
    "limit_unrouted",
    "jail_user",
];

/// The layers of the one `ServiceBuilder`, first line first: the last name of each `.layer(...)`, and the service.
fn stack() -> Vec<&'static str> {
    let (_, chain) = STACK.split_once("ServiceBuilder::new()").expect("a stack");
    let (layers, service) = chain.split_once(".service(").expect("an innermost service");
    let mut names = vec!["accept"];
    for layer in layers.split(".layer(").skip(1) {
        let code: Vec<&str> = layer
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| line.split(|sign: char| !sign.is_alphanumeric() && sign != '_'))
            .filter(|word| !word.is_empty())
            .collect();
        let name = code.last().expect("a layer has a name");
        match DESIGN.split_whitespace().find(|known| known == name) {
            Some(known) => names.push(known),
            None => assert!(ASIDE.contains(name), "{name} is no layer of the design"),
        }
    }
    let innermost = service.split('.').next().unwrap_or_default();
    names.push(
        design()
            .into_iter()
            .find(|known| *known == innermost)
            .expect("forward"),
    );
    names
}

/// The first cell in code marks of each numbered row of a table.
fn rows_of(page: &str) -> Vec<&str> {
    let numbered = page.lines().filter_map(|line| {
        let (number, rest) = line.strip_prefix("| ")?.split_once(" | `")?;
        number.parse::<usize>().ok()?;
        Some(rest.split_once('`')?.0)
    });
    numbered.collect()
}

/// The nodes of the Mermaid diagram: `authenticate["..."]`.
fn nodes_of(page: &str) -> Vec<&str> {
    let (_, diagram) = page.split_once("```mermaid").expect("a diagram");
    let (diagram, _) = diagram.split_once("```").expect("its end");
    let nodes = diagram.lines().filter_map(|line| {
        let (name, _) = line.trim().split_once("[\"")?;
        ORDER.contains(&name).then_some(name)
    });
    nodes.collect()
}

#[test]
fn explain_names_the_layers_in_the_designs_order() {
    assert_eq!(ORDER.to_vec(), design());
}

#[test]
fn the_pages_draw_and_list_the_layers_in_the_designs_order() {
    for (name, page) in PAGES {
        assert_eq!(rows_of(page), design(), "the table of {name}");
        assert_eq!(nodes_of(page), design(), "the diagram of {name}");
    }
}

/// Proves: L1
#[test]
fn the_stack_has_the_layers_in_the_designs_order() {
    assert_eq!(stack(), design());
}
