use super::*;
use crate::audit::journal::AuditError;

#[test]
fn a_new_start_continues_the_chain() {
    let bench = Bench::new().with_records(2).with_records(1);
    let actions = bench.actions();
    let expected = [
        "audit.begun",
        "audit.opened",
        "booking.create",
        "booking.create",
        "audit.opened",
        "booking.create",
    ];
    assert_eq!(actions, expected);
    assert_eq!(bench.verify().expect("whole").last, 6);
}

#[test]
fn a_kill_between_records_and_anchor_loses_nothing_and_is_told() {
    let bench = Bench::new().with_records(1);
    let (mut journal, notes) = bench.journal();
    durable(&mut journal, &notes);
    journal.append(&[event(1), event(2)]).expect("written");
    journal.sync().expect("synced");
    drop(journal);
    let verdict = bench.verify().expect("whole, and ahead of its anchor");
    assert_eq!((verdict.last, verdict.unanchored), (6, 2));
    let bench = bench.with_records(0);
    assert_eq!(bench.verify().expect("whole").unanchored, 0);
    assert_eq!(bench.actions().len(), 7);
}

#[test]
fn a_torn_line_is_told_by_verify_and_mended_at_the_next_start_never_silently() {
    let whole = Bench::new().with_records(3).text();
    let last = whole.lines().last().expect("a line").len() + 1;
    // Both ends of the line, and places in between: each try is some fsyncs.
    for torn in (1..last - 1).step_by(97).chain([last - 1]) {
        let bench = Bench::new().with_records(2);
        let (mut journal, notes) = bench.journal();
        durable(&mut journal, &notes);
        journal.append(&[event(3)]).expect("written");
        drop(journal);
        let text = bench.text();
        let left = &text[..text.len() - torn];
        bench.write(left.as_bytes());
        let verdict = bench.verify().expect("whole but for its end");
        assert!(verdict.torn > 0 && verdict.last == 5, "{verdict:?}");
        let bench = bench.with_records(1);
        assert_eq!(bench.verify().expect("mended").torn, 0);
        assert_eq!(bench.actions()[5], "audit.recovered");
        let kept = fs::read(bench.files().cut(5)).expect("what was cut is kept");
        assert_eq!(kept.len() as u64, verdict.torn);
    }
}

#[test]
fn rubbish_of_a_power_cut_behind_the_anchor_is_moved_aside_and_told() {
    let bench = Bench::new().with_records(1);
    let mut text = bench.text().into_bytes();
    text.extend([0; 600]);
    text.extend(b"\n{}\n");
    bench.write(&text);
    assert!(bench.verify().is_err());
    let bench = bench.with_records(0);
    assert_eq!(bench.actions()[3..], ["audit.recovered", "audit.opened"]);
    bench.verify().expect("mended");
}

#[test]
fn a_start_on_a_log_that_was_cut_or_changed_at_its_anchor_is_refused() {
    let bench = Bench::new().with_records(3);
    let whole = bench.text().into_bytes();
    let open = || Journal::open(&bench.config, NOON).expect_err("refused");
    bench.write(&whole[..whole.len() - 1]);
    assert!(matches!(open(), AuditError::Cut { .. }));
    let mut changed = whole.clone();
    let near_the_end = whole.len() - 300;
    changed[near_the_end] ^= 1;
    bench.write(&changed);
    assert!(matches!(open(), AuditError::Damaged { .. }));
    fs::remove_file(&bench.config.file).expect("it is there");
    assert!(matches!(open(), AuditError::Cut { .. }));
    bench.write(&whole);
    let other =
        AuditKey::from_base64("/v38+/r5+Pf29fTz8vHw7+7t7Ovq6ejn5uXk4+Lh4N8=").expect("a key");
    let config = AuditConfig {
        key: other,
        ..bench.config.clone()
    };
    assert!(matches!(
        Journal::open(&config, NOON),
        Err(AuditError::Head { .. })
    ));
}

#[test]
fn two_processes_do_not_write_one_log() {
    let bench = Bench::new();
    let (_journal, _) = bench.journal();
    assert!(matches!(
        Journal::open(&bench.config, NOON),
        Err(AuditError::InUse(_))
    ));
}

#[test]
fn a_file_that_is_gone_or_written_to_by_others_takes_no_records_until_it_is_as_it_was() {
    let bench = Bench::new();
    let (mut journal, notes) = bench.journal();
    durable(&mut journal, &notes);
    let aside = bench.config.file.with_extension("aside");
    fs::rename(&bench.config.file, &aside).expect("moved");
    assert!(journal.append(&[event(1)]).is_err());
    assert!(!bench.config.file.exists(), "no second log is begun");
    fs::rename(&aside, &bench.config.file).expect("moved back");
    durable(&mut journal, &[event(1)]);
    let whole = bench.text();
    bench.write(format!("{whole}{{}}\n").as_bytes());
    assert!(journal.append(&[event(2)]).is_err());
    bench.write(whole.as_bytes());
    durable(&mut journal, &[event(2)]);
    assert_eq!(bench.verify().expect("whole").last, 4);
}

#[test]
fn records_that_were_not_made_durable_before_a_failure_are_written_again_once() {
    let bench = Bench::new();
    let (mut journal, notes) = bench.journal();
    durable(&mut journal, &notes);
    journal.append(&[event(1)]).expect("written, not synced");
    let aside = bench.config.file.with_extension("aside");
    fs::rename(&bench.config.file, &aside).expect("moved");
    assert!(journal.append(&[event(2)]).is_err());
    fs::rename(&aside, &bench.config.file).expect("moved back");
    durable(&mut journal, &[event(1), event(2)]);
    assert_eq!(bench.verify().expect("whole").last, 4);
    assert_eq!(bench.actions().len(), 4);
}
