//! Tags in the sources: which test says that it proves which rows.

/// How a tag begins; the ids follow, with `, ` between them.
const TAG: &str = "/// Proves: ";

/// A test that runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Proof {
    /// From the root of the repository.
    pub file: String,
    pub name: String,
    /// It runs on some systems only, or where its tool is there.
    pub is_conditional: bool,
}

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub tags: Vec<(Vec<String>, Proof)>,
    pub faults: Vec<String>,
}

/// What stands between a tag and its function.
#[derive(Debug, Default)]
struct Pending {
    line: usize,
    ids: Vec<String>,
    attributes: String,
}

impl Pending {
    fn is_within_an_attribute(&self) -> bool {
        let count = |sign| self.attributes.matches(sign).count();
        count('[') > count(']')
    }

    fn is_test(&self) -> bool {
        ["#[test]", "#[tokio::test", "#[on_each_engine"]
            .iter()
            .any(|test| self.attributes.contains(test))
    }

    fn is_ignored(&self) -> bool {
        self.attributes.contains("#[ignore")
    }

    fn is_conditional(&self) -> bool {
        self.attributes.contains("#[cfg")
    }
}

pub fn in_file(file: &str, text: &str) -> Found {
    let mut found = Found::default();
    let mut pending: Option<Pending> = None;
    for (index, line) in text.lines().map(str::trim).enumerate() {
        let place = format!("{file}:{}", index + 1);
        if let Some(ids) = line.strip_prefix(TAG) {
            let tag = pending.get_or_insert_with(|| Pending {
                line: index + 1,
                ..Pending::default()
            });
            tag.ids.extend(ids.split(", ").map(str::to_owned));
        } else if is_misspelt(line) {
            found
                .faults
                .push(format!("{place}: a tag is written {TAG}R6, token-alg"));
        } else if let Some(tag) = pending.as_mut() {
            if line.starts_with("#[") || tag.is_within_an_attribute() {
                tag.attributes.push_str(line);
            } else if !line.starts_with("//") {
                let tag = pending.take().unwrap_or_default();
                found.close(file, line, tag);
            }
        }
    }
    if let Some(tag) = pending {
        found.close(file, "", tag);
    }
    found
}

impl Found {
    fn close(&mut self, file: &str, line: &str, tag: Pending) {
        let place = format!("{file}:{}", tag.line);
        match name_in(line) {
            Some(_) if tag.is_ignored() => {
                self.faults
                    .push(format!("{place}: a test that is ignored proves nothing"));
            }
            Some(name) if tag.is_test() => {
                let proof = Proof {
                    file: file.to_owned(),
                    name: name.to_owned(),
                    is_conditional: tag.is_conditional(),
                };
                self.tags.push((tag.ids, proof));
            }
            _ => self
                .faults
                .push(format!("{place}: the tag stands directly above no test")),
        }
    }
}

/// A slip that would be passed over in silence.
fn is_misspelt(line: &str) -> bool {
    let Some(comment) = line.strip_prefix("//") else {
        return false;
    };
    let comment = comment.trim_start_matches(['/', '!', ' ']);
    comment.to_ascii_lowercase().starts_with("proves:")
}

fn name_in(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    let rest = line.strip_prefix("fn ")?;
    let (name, _) = rest.split_once('(')?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(lines: &[&str]) -> Found {
        in_file("a.rs", &lines.join("\n"))
    }

    #[test]
    fn a_tag_names_the_test_below_it() {
        let found = of(&[
            "/// Proves: R6, token-alg",
            "/// Proves: L2",
            "/// Other words.",
            "#[tokio::test(",
            "    flavor = \"multi_thread\"",
            ")]",
            "async fn a_claim() {",
            "/// Proves: R7",
            "#[test]",
            "#[cfg(unix)]",
            "fn another() {",
        ]);
        assert_eq!(found.faults, Vec::<String>::new());
        let names: Vec<_> = found
            .tags
            .iter()
            .map(|(ids, proof)| (ids.join(" "), proof.name.as_str(), proof.is_conditional))
            .collect();
        assert_eq!(
            names,
            [
                ("R6 token-alg L2".to_owned(), "a_claim", false),
                ("R7".to_owned(), "another", true)
            ]
        );
    }

    #[test]
    fn a_tag_above_anything_but_a_test_that_runs_is_a_fault() {
        let tag = "/// Proves: R6";
        for below in [
            vec!["fn no_test() {"],
            vec!["#[derive(Debug)]", "struct Thing;"],
            vec!["#[test]", "#[ignore = \"slow\"]", "fn ignored() {"],
            vec!["", "#[test]", "fn too_far() {"],
            vec![],
        ] {
            let lines: Vec<_> = std::iter::once(tag).chain(below).collect();
            let found = of(&lines);
            assert_eq!((found.tags.len(), found.faults.len()), (0, 1), "{lines:?}");
        }
    }

    #[test]
    fn a_misspelt_tag_is_a_fault_and_not_a_comment() {
        for line in ["// Proves: R6", "///Proves: R6", "/// proves: R6"] {
            let found = of(&[line, "#[test]", "fn a_claim() {"]);
            assert_eq!((found.tags.len(), found.faults.len()), (0, 1), "{line}");
        }
    }
}
