//! The pages of docs/ lead to each other, and every decision is found from their index.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Pages below docs/, with their paths from there.
fn pages() -> Vec<(PathBuf, String)> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let mut pages = Vec::new();
    for folder in [docs.clone(), docs.join("decisions")] {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|kind| kind == "md") {
                let text = std::fs::read_to_string(&path).expect("a page");
                pages.push((path, text));
            }
        }
    }
    pages
}

/// What the links of a page lead to, but for other sites and places in the page itself.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let targets = page.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split_once(')').map(|(target, _)| target));
    let targets = targets.map(|target| target.split('#').next().unwrap_or_default());
    targets.filter(|target| !target.is_empty() && !target.contains("://"))
}

#[test]
fn every_link_between_pages_leads_to_a_file() {
    let mut followed = 0;
    for (path, text) in pages() {
        let folder = path.parent().expect("a folder");
        for target in links(&text) {
            assert!(folder.join(target).exists(), "{}: {target}", path.display());
            followed += 1;
        }
    }
    assert!(followed > 100, "{followed} links");
}

#[test]
fn every_decision_stands_in_the_index() {
    let is_decision = |(path, _): &(PathBuf, String)| {
        path.parent()
            .is_some_and(|folder| folder.ends_with("decisions"))
    };
    let pages: Vec<_> = pages().into_iter().filter(is_decision).collect();
    let name = |path: &Path| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let (index, decisions): (Vec<_>, Vec<_>) = pages
        .into_iter()
        .partition(|(path, _)| path.ends_with("README.md"));
    let listed: BTreeSet<_> = links(&index[0].1).map(str::to_owned).collect();
    let there: BTreeSet<_> = decisions
        .iter()
        .filter_map(|(path, _)| name(path))
        .collect();
    assert_eq!(listed, there);
    for (path, text) in decisions {
        let headings = [
            "## Context",
            "## Decision",
            "## Why",
            "## Consequences",
            "## What would change our mind",
        ];
        let mut rest = text.as_str();
        for heading in headings {
            let found = rest.split_once(heading);
            rest = found
                .unwrap_or_else(|| panic!("{}: {heading}", path.display()))
                .1;
        }
    }
}
