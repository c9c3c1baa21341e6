//! Listing, filtering, searching, page by page.

use escale_engines::{Engine, on_each_engine};
use std::collections::BTreeSet;

use http::Method;

use super::{Call, Catalogue, GINA, form, seed_id};

#[on_each_engine]
async fn a_walk_by_cursor_sees_all_forty_tours_once_even_when_one_is_added_in_between(
    engine: Engine,
) {
    let catalogue = Catalogue::open(engine).await;
    let mut seen = Vec::new();
    let mut path = "/tours?limit=7".to_owned();
    loop {
        let answer = catalogue.get(&path).await;
        seen.extend(answer.ids());
        let Some(cursor) = answer.next() else { break };
        path = format!("/tours?limit=7&cursor={cursor}");
        catalogue.clock.advance(std::time::Duration::from_millis(1));
        let create = Call::new(Method::POST, "/tours").guide(GINA).json(&form());
        assert_eq!(catalogue.send(create).await.status, 201);
    }
    let once: BTreeSet<&String> = seen.iter().collect();
    assert_eq!((seen.len(), once.len()), (40, 40));
}

#[on_each_engine]
async fn a_page_holds_twenty_tours_unless_told_otherwise(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let answer = catalogue.get("/tours").await;
    assert_eq!(answer.ids().len(), 20);
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    let exactly = catalogue.get("/tours?limit=40").await;
    assert_eq!((exactly.ids().len(), exactly.next()), (40, None));
}

#[on_each_engine]
async fn filters_narrow_the_list_and_combine(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    for (query, matches) in [
        ("country=MA", 3),
        ("country=MA&category=wellness", 1),
        ("city=reykjavik", 1),
        ("city=REYKJAV%C3%8DK", 1),
        ("city=saint+malo", 1),
        ("city=Reyk", 0),
        ("category=wellness", 4),
        ("minPriceCents=20000", 2),
        ("minPriceCents=27500&maxPriceCents=27500", 1),
        ("country=FR&category=city&maxPriceCents=2800", 1),
    ] {
        let answer = catalogue.get(&format!("/tours?limit=100&{query}")).await;
        assert_eq!(answer.ids().len(), matches, "{query}");
    }
}

#[on_each_engine]
async fn every_fault_of_a_query_is_told_at_once(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let answer = catalogue
        .get("/tours?city=x&country=fr&category=beach&minPriceCents=-1&maxPriceCents=a&limit=0&sort=price")
        .await;
    answer.assert_refused(400, "invalid_query");
    let expected = [
        "category choice",
        "city length",
        "country format",
        "limit range",
        "maxPriceCents type",
        "minPriceCents range",
        "sort unknown_field",
    ];
    assert_eq!(answer.faults(), expected);
}

#[on_each_engine]
async fn a_doubtful_parameter_is_refused(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    for (query, fault) in [
        ("limit=5&limit=6", "limit format"),
        ("limit=101", "limit range"),
        ("limit=%2B5", "limit type"),
        ("limit=99999999999999999999", "limit range"),
        ("limit=", "limit type"),
        ("city=--", "city format"),
        ("city=a%00b", "city format"),
        ("city=%FF%FE", "city format"),
        ("country=ZZ", "country format"),
        ("minPriceCents=500&maxPriceCents=400", "maxPriceCents range"),
        ("=x", " unknown_field"),
    ] {
        let answer = catalogue.get(&format!("/tours?{query}")).await;
        answer.assert_refused(400, "invalid_query");
        assert_eq!(answer.faults(), [fault], "{query}");
    }
}

#[on_each_engine]
async fn a_search_folds_accents_and_refuses_what_is_no_query(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    for q in ["chateau", "Ch%C3%A2teau", "CHATEAU+loire", "cha%CC%82teaux"] {
        let answer = catalogue.get(&format!("/tours/search?q={q}")).await;
        assert_eq!(answer.ids().first(), Some(&seed_id(0)), "{q}");
    }
    for q in ["%25%25", "%27+OR+1%3D1+--", "__"] {
        let answer = catalogue.get(&format!("/tours/search?q={q}")).await;
        assert_eq!(
            (answer.status.as_u16(), answer.ids().len()),
            (200, 0),
            "{q}"
        );
    }
    let long = format!("q={}", "a".repeat(101));
    for (query, fault) in [
        ("", "q required"),
        ("q=", "q length"),
        ("q=a", "q length"),
        ("q=++a++", "q length"),
        ("q=---", "q format"),
        (long.as_str(), "q length"),
        ("q=mer&city=Paris", "city unknown_field"),
    ] {
        let answer = catalogue.get(&format!("/tours/search?{query}")).await;
        answer.assert_refused(400, "invalid_query");
        assert_eq!(answer.faults(), [fault], "{query}");
    }
}

#[on_each_engine]
async fn a_cursor_is_good_for_its_own_query_only(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let first = catalogue.get("/tours?country=FR&limit=5").await;
    let cursor = first.next().expect("more than five tours in France");
    let next = catalogue
        .get(&format!("/tours?country=FR&limit=9&cursor={cursor}"))
        .await;
    assert_eq!(next.ids().len(), 9, "another limit is the same query");
    for path in [
        "/tours?country=MA",
        "/tours?country=FR&category=sea",
        "/tours/search?q=mer",
    ] {
        let answer = catalogue.get(&format!("{path}&cursor={cursor}")).await;
        answer.assert_refused(400, "invalid_cursor");
    }
    for garbage in ["x", "%00", "%27", "AAAA", ""] {
        let answer = catalogue
            .get(&format!("/tours?country=FR&cursor={garbage}"))
            .await;
        assert_eq!(answer.status, 400, "{garbage}");
    }
    let search = catalogue.get("/tours/search?q=de&limit=5").await;
    let cursor = search.next().expect("more than five tours");
    let next = catalogue
        .get(&format!("/tours/search?q=DE&cursor={cursor}"))
        .await;
    assert_eq!(next.status, 200);
}
