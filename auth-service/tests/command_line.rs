//! The program's command line, as the operator and `cargo lab` call it.

use std::process::{Command, Output, Stdio};

/// With nothing set: who gets as far as to read settings ends with 78 (`EX_CONFIG`).
fn auth(word: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_auth-service"));
    command.arg(word).env_clear().stdin(Stdio::null());
    // Windows itself goes by it.
    command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
    command.output().expect("the program runs")
}

#[test]
fn an_unknown_word_is_refused_with_the_words_that_are_known() {
    let refused = auth("fly");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    let words: Vec<_> = said.split('"').skip(1).step_by(2).collect();
    assert_eq!(words, ["health", "expired-token"], "{said}");
    for word in words {
        let known = auth(word);
        let said = String::from_utf8_lossy(&known.stderr);
        assert_eq!(known.status.code(), Some(78), "{word}: {said}");
    }
}
