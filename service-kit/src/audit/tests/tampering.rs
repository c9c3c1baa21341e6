use super::*;
use crate::audit::chain::{Damage, Hash, seal};

/// What is found, and on which line.
#[track_caller]
fn found(bench: &Bench) -> (u64, Damage) {
    match bench.verify() {
        Err(Finding::Line { line, damage, .. }) => (line, damage),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_log_that_nobody_touched_is_whole() {
    let bench = Bench::new().with_records(5);
    let verdict = bench.verify().expect("whole");
    let expected = Verdict {
        records: 7,
        pruned: 0,
        last: 7,
        unanchored: 0,
        torn: 0,
    };
    assert_eq!(verdict, expected);
}

#[test]
fn one_changed_byte_is_found_wherever_it_is() {
    let bench = Bench::new().with_records(1);
    let whole = bench.text().into_bytes();
    let line_of =
        |place: usize| whole[..place].iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    for place in 0..whole.len() {
        for other in [whole[place] ^ 1, b'\n', b' '] {
            let mut changed = whole.clone();
            if changed[place] == other {
                continue;
            }
            changed[place] = other;
            bench.write(&changed);
            match bench.verify() {
                Err(Finding::Line { line, .. }) => assert_eq!(line, line_of(place), "byte {place}"),
                // The last line feed: the record is no whole line any more.
                Err(Finding::Truncated { .. }) => assert_eq!(place, whole.len() - 1),
                other => panic!("byte {place}: {other:?}"),
            }
        }
    }
}

#[test]
fn a_removed_line_is_found_wherever_it_was() {
    let bench = Bench::new().with_records(4);
    let whole = bench.text();
    let lines: Vec<_> = whole.split_inclusive('\n').collect();
    for gone in 0..lines.len() - 1 {
        let mut left = lines.clone();
        left.remove(gone);
        bench.write(left.concat().as_bytes());
        let number = gone as u64 + 1;
        let removed = Damage::Removed {
            first: number,
            last: number,
        };
        assert_eq!(found(&bench), (number, removed));
    }
}

#[test]
fn an_end_that_was_cut_off_is_found_at_every_length() {
    let bench = Bench::new().with_records(2);
    let whole = bench.text().into_bytes();
    for length in 0..whole.len() {
        bench.write(&whole[..length]);
        let finding = bench.verify().expect_err("cut");
        assert!(
            matches!(finding, Finding::Truncated { expected: 4, .. }),
            "{length}: {finding}"
        );
    }
    fs::remove_file(&bench.config.file).expect("it is there");
    assert!(matches!(
        bench.verify(),
        Err(Finding::Truncated { found: 0, .. })
    ));
}

#[test]
fn an_added_line_is_found_be_it_a_copy_or_well_made_without_the_key() {
    let bench = Bench::new().with_records(2);
    let whole = bench.text();
    let lines: Vec<_> = whole.split_inclusive('\n').collect();
    for place in 1..=lines.len() {
        let mut more = lines.clone();
        more.insert(place, lines[place - 1]);
        bench.write(more.concat().as_bytes());
        let (found_number, expected) = (place as u64, place as u64 + 1);
        let misplaced = Damage::Misplaced {
            found: found_number,
            expected,
        };
        assert_eq!(found(&bench), (expected, misplaced));
    }
    // Somebody who knows the form and the last hash, and has another key.
    let last = lines[3];
    let hash = last.split("event.hash\":\"").nth(1).expect("a hash")[..64].parse();
    let last = Place {
        sequence: 4,
        hash: hash.expect("a hash"),
    };
    let other =
        AuditKey::from_base64("/v38+/r5+Pf29fTz8vHw7+7t7Ovq6ejn5uXk4+Lh4N8=").expect("a key");
    let (forged, _) = seal(&other, event(9).to_json(last), last);
    bench.write(format!("{whole}{forged}").as_bytes());
    assert_eq!(found(&bench), (5, Damage::Forged));
}

#[test]
fn a_whole_new_chain_written_without_the_key_is_found_at_its_first_line() {
    let bench = Bench::new().with_records(1);
    let other =
        AuditKey::from_base64("/v38+/r5+Pf29fTz8vHw7+7t7Ovq6ejn5uXk4+Lh4N8=").expect("a key");
    let (line, _) = seal(&other, event(1).to_json(Place::BEGINNING), Place::BEGINNING);
    bench.write(line.as_bytes());
    assert_eq!(found(&bench), (1, Damage::Forged));
}

#[test]
fn two_lines_that_changed_places_are_found() {
    let bench = Bench::new().with_records(3);
    let whole = bench.text();
    let mut lines: Vec<_> = whole.split_inclusive('\n').collect();
    lines.swap(2, 3);
    bench.write(lines.concat().as_bytes());
    assert_eq!(found(&bench), (3, Damage::Removed { first: 3, last: 3 }));
}

#[test]
fn a_record_of_another_log_under_the_same_key_does_not_follow() {
    let (bench, other) = (Bench::new().with_records(2), Bench::new().with_records(2));
    let (whole, foreign) = (bench.text(), other.text());
    let mut lines: Vec<_> = whole.split_inclusive('\n').collect();
    lines[3] = foreign.split_inclusive('\n').nth(3).expect("a line");
    bench.write(lines.concat().as_bytes());
    assert_eq!(found(&bench), (4, Damage::Unlinked));
    // All of it, beside this log's anchor.
    bench.write(foreign.as_bytes());
    assert!(matches!(
        bench.verify(),
        Err(Finding::NotAnchored { line: 4, .. })
    ));
}

#[test]
fn an_anchor_that_was_changed_removed_or_made_without_the_key_is_found() {
    let bench = Bench::new().with_records(2);
    let path = bench.files().head();
    let whole = fs::read_to_string(&path).expect("an anchor");
    for place in 0..whole.len() {
        let mut changed = whole.clone().into_bytes();
        changed[place] ^= 1;
        fs::write(&path, changed).expect("written");
        assert!(
            matches!(bench.verify(), Err(Finding::Head { .. })),
            "byte {place}"
        );
    }
    fs::remove_file(&path).expect("it is there");
    assert!(matches!(bench.verify(), Err(Finding::Head { .. })));
    assert!(
        Journal::open(&bench.config, NOON).is_err(),
        "records without an anchor are no beginning"
    );
}

#[test]
fn a_hash_has_one_form() {
    let text = "0123456789abcdef".repeat(4);
    assert_eq!(text.parse::<Hash>().expect("a hash").to_string(), text);
    for bad in [&text[1..], &text.to_uppercase(), &text.replace('0', "+")] {
        assert!(bad.parse::<Hash>().is_err(), "{bad}");
    }
}
