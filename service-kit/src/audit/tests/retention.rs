use super::*;

fn at(days: u64) -> Timestamp {
    NOON.plus(Duration::from_secs(days * DAY))
}

fn event_at(days: u64) -> Event {
    Event::new(at(days), "booking.create", Stage::Before)
}

/// One record on each of these days, and the house kept as the writer does.
fn live(bench: &Bench, days: impl IntoIterator<Item = u64>) {
    let (mut journal, notes) = bench.journal();
    durable(&mut journal, &notes);
    for day in days {
        if journal.is_house_due(at(day)) {
            let notes = journal.keep_house(at(day)).expect("kept");
            durable(&mut journal, &notes);
        }
        durable(&mut journal, &[event_at(day)]);
    }
}

fn months(bench: &Bench) -> Vec<String> {
    let closed = bench.files().closed().expect("a folder");
    closed.into_iter().map(|closed| closed.month).collect()
}

#[test]
fn a_month_is_closed_when_it_is_over_and_the_chain_goes_on_across_the_files() {
    let bench = Bench::new();
    live(&bench, [0, 1, 20, 40]);
    assert_eq!(months(&bench), ["2027-06", "2027-07"]);
    assert_eq!(bench.text().lines().count(), 1);
    assert_eq!(bench.verify().expect("whole").records, 6);
    let bench = bench.with_records(1);
    assert_eq!(bench.verify().expect("whole").records, 8);
}

#[test]
fn what_is_older_than_six_months_goes_and_leaves_a_chain_that_can_be_proved() {
    let bench = Bench::new();
    live(&bench, (0..=9).map(|month| month * 30));
    // Day 270 is 2028-03-26: what ended before 2027-09-24 is gone.
    assert_eq!(months(&bench).first().map(String::as_str), Some("2027-09"));
    let verdict = bench.verify().expect("whole");
    assert!(verdict.pruned >= 4, "{verdict:?}");
    assert_eq!(verdict.records + verdict.pruned, verdict.last);
    assert!(bench.text().contains("audit.pruned"), "{}", bench.text());
}

/// Proves: R18
#[test]
fn nothing_younger_than_six_months_goes() {
    let bench = Bench::new();
    live(&bench, [0, 31, 183]);
    assert_eq!(months(&bench).first().map(String::as_str), Some("2027-06"));
    assert_eq!(bench.verify().expect("whole").pruned, 0);
}

#[test]
fn a_month_that_is_missing_or_changed_after_pruning_is_found() {
    let bench = Bench::new();
    live(&bench, (0..=9).map(|month| month * 30));
    let oldest = bench.files().closed().expect("a folder").remove(0);
    let whole = fs::read(&oldest.path).expect("a month");
    fs::remove_file(&oldest.path).expect("it is there");
    assert!(matches!(bench.verify(), Err(Finding::Line { line: 1, .. })));
    let mut changed = whole.clone();
    changed[30] ^= 1;
    fs::write(&oldest.path, changed).expect("written");
    assert!(bench.verify().is_err());
    fs::write(&oldest.path, whole).expect("written");
    bench.verify().expect("whole");
}

#[test]
fn a_month_that_does_not_verify_is_kept_as_evidence() {
    let bench = Bench::new();
    live(&bench, [0, 20]);
    let oldest = bench.files().closed().expect("a folder").remove(0);
    let mut changed = fs::read(&oldest.path).expect("a month");
    changed[30] ^= 1;
    fs::write(&oldest.path, changed).expect("written");
    live(&bench, [400]);
    assert!(oldest.path.exists());
}

#[test]
fn a_kill_while_a_month_is_closed_is_mended() {
    let bench = Bench::new().with_records(2);
    fs::rename(&bench.config.file, bench.files().closed_at("2027-06"))
        .expect("as close_month does");
    assert_eq!(bench.verify().expect("whole").last, 4);
    let bench = bench.with_records(1);
    let verdict = bench.verify().expect("whole");
    assert_eq!((verdict.last, verdict.unanchored), (6, 0));
    assert_eq!(bench.actions(), ["audit.opened", "booking.create"]);
}

#[test]
fn a_kill_between_checkpoint_and_removal_is_mended() {
    let bench = Bench::new();
    live(&bench, [0, 20]);
    let june = bench.files().closed().expect("a folder").remove(0);
    let kept = fs::read(&june.path).expect("a month");
    live(&bench, [300]);
    assert!(!june.path.exists());
    fs::write(&june.path, kept).expect("written back");
    bench
        .verify()
        .expect("a pruned month that is still there is passed over");
    live(&bench, [301]);
    assert!(!june.path.exists());
}
