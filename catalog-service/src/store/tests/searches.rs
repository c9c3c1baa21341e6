//! What a search finds, and in which order.

use escale_engines::{Engine, on_each_engine};
use service_kit::clock::Timestamp;

use super::{NOW, search, seeded, titled, titles};
use crate::domain::{Position, SearchWords};

#[on_each_engine]
async fn a_search_needs_every_word_and_ignores_accents_case_and_language(engine: Engine) {
    let database = engine.database().await;
    let store = seeded(&database).await;
    for (text, expected) in [
        ("chateau", "Châteaux de la Loire en une journée"),
        ("CHÂTEAUX loire", "Châteaux de la Loire en une journée"),
        ("hidden passages", "Bouchons et traboules de Lyon"),
        ("islande", "Cercle d'or et randonnée sur glacier"),
        ("iceland", "Cercle d'or et randonnée sur glacier"),
        ("FES", "Médina de Fès, tanneurs et zelliges"),
        ("SAINT MALO", "Vieux gréement dans la baie de Saint-Malo"),
        ("saint-malo", "Vieux gréement dans la baie de Saint-Malo"),
        ("oeufs bologne", "Tagliatelles à la main chez une sfoglina"),
        ("reunion", "Lever de soleil au piton de la Fournaise"),
    ] {
        let page = search(&store, text).await;
        assert_eq!(titles(&page).first(), Some(&expected), "{text}");
    }
    assert!(search(&store, "chateau zanzibar").await.items.is_empty());
    // Words are found by their beginnings: `mer` is in `commerce`, but does not begin it.
    assert!(search(&store, "hateau").await.items.is_empty());
}

/// Proves: API8:2019, svc-injection
#[on_each_engine]
async fn the_signs_of_like_find_only_themselves(engine: Engine) {
    let database = engine.database().await;
    let store = seeded(&database).await;
    for text in [
        "%",
        "%%",
        "_",
        "__",
        "\\",
        "c%teau",
        "c_ateau",
        "\\%",
        "' OR '1'='1",
    ] {
        assert!(search(&store, text).await.items.is_empty(), "{text}");
    }
    for title in ["Plage a_b", "Remise 50% ici", "Chemin c:\\ perdu"] {
        store.insert(&titled(title, NOW)).await.expect("an insert");
    }
    assert_eq!(titles(&search(&store, "A_B").await), ["Plage a_b"]);
    assert_eq!(titles(&search(&store, "50%").await), ["Remise 50% ici"]);
    assert_eq!(titles(&search(&store, "\\").await), ["Chemin c:\\ perdu"]);
}

#[on_each_engine]
async fn titles_that_hold_more_of_the_words_come_first(engine: Engine) {
    let database = engine.database().await;
    let store = seeded(&database).await;
    // The oldest of all, so that age alone would put it last.
    for title in ["Glacier", "Un kayak", "Le kayak du glacier"] {
        let mut tour = titled(title, Timestamp(0));
        tour.details.description.fr = "Ni kayak ni glacier ne manquent à ce voyage.".to_owned();
        store.insert(&tour).await.expect("an insert");
    }
    let mut neither = titled("Ailleurs", NOW);
    neither.details.description.fr = "Un kayak, un glacier, du soleil.".to_owned();
    store.insert(&neither).await.expect("an insert");
    let page = search(&store, "glacier kayak").await;
    let found = titles(&page);
    assert_eq!(found.first(), Some(&"Le kayak du glacier"));
    assert_eq!(found.last(), Some(&"Ailleurs"));
    assert_eq!(found.len(), 4);
}

#[on_each_engine]
async fn a_walk_through_a_search_finds_each_tour_once_across_ranks(engine: Engine) {
    let database = engine.database().await;
    let store = seeded(&database).await;
    let words = SearchWords::of("de").expect("words");
    let whole = store
        .search(&words, Position::START, 100)
        .await
        .expect("a page");
    assert!(whole.items.len() > 20, "a word that many tours have");
    let (mut walked, mut after) = (Vec::new(), Position::START);
    loop {
        let page = store.search(&words, after, 3).await.expect("a page");
        walked.extend(page.items);
        let Some(next) = page.next else { break };
        after = next;
    }
    assert_eq!(walked, whole.items);
}
