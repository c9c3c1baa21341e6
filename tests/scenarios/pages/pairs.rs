//! What is read by who uses the platform or does the labs is there in French and in English, and each page leads to the
//! other at its top.

use std::collections::BTreeSet;
use std::path::Path;

/// Pages of these folders.
const FOLDERS: [&str; 4] = ["docs", "docs/http", "exercises", "certs"];

/// What a French student's terminal shows, written by a program.
const FRENCH_ALONE: &str = "lab-04-walk.fr.md";

/// How far down the way to the other language may stand.
const TOP: usize = 5;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn pages(folder: &str) -> BTreeSet<String> {
    let entries = std::fs::read_dir(root().join(folder)).expect("a folder");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.into_string().expect("plain letters"));
    names
        .filter(|name| name.ends_with(".md") && name != FRENCH_ALONE)
        .collect()
}

/// The French page's name and the English page's: `x.fr.md` beside `x.md`, or beside `x.en.md`.
fn pair(name: &str, pages: &BTreeSet<String>) -> (String, String) {
    let stem = name.trim_end_matches(".md");
    let stem = stem.trim_end_matches(".fr").trim_end_matches(".en");
    let named = format!("{stem}.en.md");
    let english = match pages.contains(&named) {
        true => named,
        false => format!("{stem}.md"),
    };
    (format!("{stem}.fr.md"), english)
}

#[track_caller]
fn assert_leads(folder: &str, from: &str, to: &str, language: &str) {
    let page = std::fs::read_to_string(root().join(folder).join(from));
    let page = page.unwrap_or_else(|error| panic!("{folder}/{from}: {error}"));
    let way = format!("*[{language}]({to})*");
    let mut top = page.lines().take(TOP);
    assert!(top.any(|line| line == way), "{folder}/{from} lacks {way}");
}

#[test]
fn every_page_is_there_in_both_languages_and_each_leads_to_the_other() {
    let mut seen = 0;
    let readme = ("", BTreeSet::from(["README.md".to_owned()]));
    let folders = FOLDERS.map(|folder| (folder, pages(folder)));
    for (folder, pages) in folders.into_iter().chain([readme]) {
        for name in &pages {
            let (french, english) = pair(name, &pages);
            assert_leads(folder, &french, &english, "In English");
            assert_leads(folder, &english, &french, "En français");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} pages");
}
