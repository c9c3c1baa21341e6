//! Says aloud what is lent and what is skipped, and counts it.
//!
//! libtest has no word for "skipped at run time": such a test ends as `ok`. So each skip is a line on standard error,
//! past libtest's capture, and a line in the file that `ESCALE_ENGINES_TALLY` names, for who counts at the end.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::Mutex;

/// An engine was lent to the test that runs on this thread.
pub fn lent(engine: &str, from: &str) {
    note("lent", engine, from);
    static TOLD: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    let told = format!("{engine} is lent from {from}");
    if TOLD.lock().expect("no panic before").insert(told.clone()) {
        say(&told);
    }
}

/// The test that runs on this thread goes without: `why` tells what to do about it.
pub fn skipped(engine: &str, why: &str) {
    note("skipped", engine, why);
    let test = std::thread::current();
    let test = test.name().unwrap_or("a test").to_owned();
    say(&format!("SKIPPED: {test} wants {engine}: {why}"));
}

/// Not `eprintln!`: that is what libtest captures and throws away when the test passes.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

fn note(what: &str, engine: &str, detail: &str) {
    let Some(path) = std::env::var_os("ESCALE_ENGINES_TALLY") else {
        return;
    };
    let file = OpenOptions::new().create(true).append(true).open(path);
    let mut file = file.expect("ESCALE_ENGINES_TALLY names a file that can be written");
    // One write: tests of other threads write too.
    let line = format!("{what} {engine} {detail}\n");
    file.write_all(line.as_bytes())
        .expect("a line of the tally");
}
