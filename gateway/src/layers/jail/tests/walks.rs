//! Walking through everything there is, under an address or a user.

use super::*;

#[tokio::test]
async fn a_walk_that_many_users_share_is_banned_by_its_address() {
    let bench = Bench::answering(200);
    let tokens: Vec<_> = (0..20)
        .map(|number| bench.token_of(&format!("walker-{number}")))
        .collect();
    let ask = |number: usize| {
        (
            format!("/api/tours/{number}"),
            &*tokens[number % tokens.len()],
        )
    };
    let walked = bench.passes(HOME, ask).await;
    assert_eq!(walked, 450);
    let (path, token) = ask(0);
    assert_eq!(bench.status(ELSEWHERE, get(&path, token)).await, 200);
}

#[tokio::test]
async fn a_walk_through_ids_is_banned_and_a_browser_of_forty_tours_is_not() {
    let bench = Bench::answering(200);
    let (alice, bob) = (bench.token_of(ALICE), bench.token_of(BOB));
    for number in 0..400 {
        let path = format!("/api/tours/{}", number % 40);
        assert_eq!(bench.status(HOME, get(&path, &bob)).await, 200);
    }
    let ask = |number: usize| (format!("/api/bookings/{number}"), &*alice);
    let walked = bench.passes(ELSEWHERE, ask).await;
    assert_eq!(walked, 90);
}

/// Proves: L9, L18
#[tokio::test]
async fn searches_that_are_all_different_are_a_walk_too() {
    let bench = Bench::answering(200);
    let alice = bench.token_of(ALICE);
    let search = |word: usize| format!("/api/tours/search?q={word}");
    assert!(
        bench
            .repeat(200, HOME, get(&search(0), &alice))
            .await
            .iter()
            .all(|status| *status == 200)
    );
    let searched = bench.passes(HOME, |word| (search(word), &*alice)).await;
    assert_eq!(searched, 90);
}
