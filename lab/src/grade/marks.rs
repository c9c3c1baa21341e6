//! From what was judged to a mark out of 20.

use escale_exercises::{Card, Report};

pub const HIGHEST: f64 = 20.0;

/// 20 × the share of the criteria to earn that are met × the share of the criteria that the starter met already and
/// that still hold. So the starter as it was handed out earns nothing, and neither does a lock on every door.
pub fn mark(card: &Card, report: &Report) -> f64 {
    let met = |id: &str| {
        let found = report.judged.iter().find(|one| one.id == id);
        found.is_some_and(|one| one.failure.is_none())
    };
    let to_earn = &card.starter_fails;
    let earned = to_earn.iter().filter(|id| met(id)).count();
    let kept = report.passed().saturating_sub(earned);
    let to_keep = report.of.saturating_sub(to_earn.len());
    let mark = HIGHEST * share(earned, to_earn.len()) * share(kept, to_keep);
    // To the tenth, as marks are given.
    (mark * 10.0).round() / 10.0
}

fn share(part: usize, whole: usize) -> f64 {
    match whole {
        0 => 1.0,
        #[expect(
            clippy::cast_precision_loss,
            reason = "a lab has ten criteria, not 2^52"
        )]
        whole => part as f64 / whole as f64,
    }
}

#[cfg(test)]
mod tests {
    use escale_exercises::{Failure, Judged, Message};

    use super::*;

    /// `new-*` are to be earned, `old-*` are met by the starter.
    fn marked(met: &[&str]) -> f64 {
        let all = ["new-1", "new-2", "new-3", "new-4", "old-1", "old-2"];
        let text = r#"
            id = "04"
            title = { fr = "a", en = "b" }
            minutes = 1
            rules = []
            files = []
            starter_fails = ["new-1", "new-2", "new-3", "new-4"]
        "#;
        let card = toml::from_str(text).expect("a card");
        let judged = all.map(|id| Judged {
            id: id.to_owned(),
            rules: Vec::new(),
            title: Message::plain(id),
            failure: (!met.contains(&id)).then_some(Failure::TooLong { seconds: 1 }),
        });
        let report = Report {
            judged: judged.to_vec(),
            of: all.len(),
            ..Report::default()
        };
        mark(&card, &report)
    }

    #[test]
    fn neither_the_starter_nor_a_lock_on_every_door_earns_anything() {
        let cases: [(&[&str], f64); 5] = [
            (&["old-1", "old-2"], 0.0),
            (&["new-1", "new-2", "new-3", "new-4"], 0.0),
            (
                &["new-1", "new-2", "new-3", "new-4", "old-1", "old-2"],
                20.0,
            ),
            (&["new-1", "new-2", "old-1", "old-2"], 10.0),
            (&["new-1", "new-2", "new-3", "old-1"], 7.5),
        ];
        for (met, expected) in cases {
            assert_eq!(marked(met), expected, "{met:?}");
        }
    }
}
