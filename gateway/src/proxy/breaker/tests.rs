//! The breaker's states, by the clock.

use super::*;
use crate::proxy::config::tests_config;

const PAUSE: Duration = Duration::from_secs(2);

fn breaker() -> (Arc<Breaker>, Clock) {
    let clock = Clock::manual(Timestamp(0));
    (
        Breaker::new("catalog", clock.clone(), &tests_config()),
        clock,
    )
}

#[track_caller]
fn call(breaker: &Arc<Breaker>) -> Permit {
    breaker.admit().expect("the breaker lets it pass")
}

#[track_caller]
fn opened() -> (Arc<Breaker>, Clock) {
    let (breaker, clock) = breaker();
    (0..5).for_each(|_| call(&breaker).failed());
    assert_eq!(breaker.admit().expect_err("open"), Refused(2));
    (breaker, clock)
}

#[test]
fn five_failures_open_it_and_the_refusal_says_for_how_long() {
    let (breaker, clock) = opened();
    clock.advance(Duration::from_millis(1_001));
    assert_eq!(breaker.admit().expect_err("open"), Refused(1));
}

#[test]
fn failures_among_many_good_answers_do_not_open_it() {
    let (breaker, _) = breaker();
    for _ in 0..100 {
        call(&breaker).answered();
        call(&breaker).answered();
        call(&breaker).failed();
    }
    call(&breaker).answered();
}

#[test]
fn failures_that_are_far_apart_do_not_open_it() {
    let (breaker, clock) = breaker();
    for _ in 0..20 {
        call(&breaker).failed();
        clock.advance(WINDOW / 4);
    }
    call(&breaker).answered();
}

#[test]
fn one_probe_at_a_time_passes_and_its_answer_closes_it() {
    let (breaker, clock) = opened();
    clock.advance(PAUSE);
    let probe = call(&breaker);
    assert_eq!(
        breaker.admit().expect_err("a probe is under way"),
        Refused(2)
    );
    probe.answered();
    (0..4).for_each(|_| call(&breaker).failed());
    call(&breaker).answered();
}

#[test]
fn a_probe_that_fails_keeps_it_open_for_another_pause() {
    let (breaker, clock) = opened();
    clock.advance(PAUSE);
    call(&breaker).failed();
    assert_eq!(breaker.admit().expect_err("open"), Refused(2));
    clock.advance(PAUSE);
    call(&breaker).answered();
    call(&breaker).answered();
}

#[test]
fn a_probe_whose_client_goes_away_or_is_slow_does_not_keep_it_open() {
    let (breaker, clock) = opened();
    clock.advance(PAUSE);
    drop(call(&breaker));
    let slow = call(&breaker);
    clock.advance(PAUSE);
    call(&breaker).answered();
    slow.failed();
    call(&breaker).answered();
}

#[test]
fn what_was_sent_before_it_opened_does_not_move_it() {
    let (breaker, clock) = breaker();
    let [early, late] = [call(&breaker), call(&breaker)];
    (0..5).for_each(|_| call(&breaker).failed());
    early.answered();
    assert!(breaker.admit().is_err());
    clock.advance(PAUSE);
    late.failed();
    call(&breaker).answered();
}

#[test]
fn who_goes_away_counts_neither_as_an_answer_nor_as_a_failure() {
    let (breaker, _) = breaker();
    (0..1_000).for_each(|_| drop(call(&breaker)));
    (0..4).for_each(|_| call(&breaker).failed());
    call(&breaker).failed();
    assert!(breaker.admit().is_err());
}
