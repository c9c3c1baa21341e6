//! Claims about the store, on both engines.

mod searches;

use escale_engines::{Database, Engine, on_each_engine};
use service_kit::clock::Timestamp;
use service_kit::config::StoreConfig;
use service_kit::page::Page;
use uuid::Uuid;

use super::TourStore;
use super::seed::seed_tours;
use crate::domain::{Position, SearchWords, Status, Tour, TourDetails, TourFilter};

const NOW: Timestamp = Timestamp(1_814_356_800_000);

async fn empty(database: &Database) -> TourStore {
    let store = TourStore::open(&StoreConfig::at(database.url())).await;
    store.expect("a store on an empty database")
}

async fn seeded(database: &Database) -> TourStore {
    let store = empty(database).await;
    assert_eq!(store.seed_if_empty(NOW).await.expect("a seed"), 40);
    store
}

fn details() -> TourDetails {
    seed_tours().expect("the seed file").remove(0).details
}

fn titled(french: &str, at: Timestamp) -> Tour {
    let mut details = details();
    details.title.fr = french.to_owned();
    Tour::new(Uuid::new_v4(), None, details, at)
}

async fn search(store: &TourStore, text: &str) -> Page<Tour, Position> {
    let words = SearchWords::of(text).expect("words");
    store
        .search(&words, Position::START, 100)
        .await
        .expect("a page")
}

fn titles(page: &Page<Tour, Position>) -> Vec<&str> {
    page.items
        .iter()
        .map(|tour| tour.details.title.fr.as_str())
        .collect()
}

#[on_each_engine]
async fn only_an_empty_table_is_seeded(engine: Engine) {
    let database = engine.database().await;
    let store = empty(&database).await;
    store
        .insert(&titled("Le mien", NOW))
        .await
        .expect("an insert");
    assert_eq!(store.seed_if_empty(NOW).await.expect("no seed"), 0);
    let page = store
        .list(&TourFilter::default(), Position::START, 100)
        .await;
    assert_eq!(titles(&page.expect("a page")), ["Le mien"]);
}

#[on_each_engine(flavor = "multi_thread")]
async fn two_instances_that_find_an_empty_table_seed_each_tour_once(engine: Engine) {
    let database = engine.database().await;
    let (one, two) = (empty(&database).await, empty(&database).await);
    let second = tokio::spawn(async move { two.seed_if_empty(NOW).await });
    let first = one.seed_if_empty(NOW).await.expect("a seed");
    let second = second.await.expect("no panic").expect("a seed");
    assert_eq!(first + second, 40);
    let filter = TourFilter::default();
    let page = one.list(&filter, Position::START, 100).await;
    assert_eq!(page.expect("a page").items.len(), 40);
}

#[on_each_engine]
async fn the_list_keeps_the_order_of_the_seed_file(engine: Engine) {
    let database = engine.database().await;
    let store = seeded(&database).await;
    let page = store
        .list(&TourFilter::default(), Position::START, 100)
        .await;
    let ids: Vec<Uuid> = page
        .expect("a page")
        .items
        .iter()
        .map(|tour| tour.id)
        .collect();
    let file: Vec<Uuid> = seed_tours()
        .expect("the file")
        .iter()
        .map(|seed| seed.id)
        .collect();
    assert_eq!(ids, file);
    assert!(file.iter().all(|id| id.get_version_num() == 4));
}

#[on_each_engine]
async fn a_tour_comes_back_as_it_was_stored(engine: Engine) {
    let database = engine.database().await;
    let store = empty(&database).await;
    let mut tour = titled("Robert'); DROP TABLE tours;-- \u{202e}%_\\ \u{1f40b}", NOW);
    tour.owner = Some(Uuid::new_v4());
    store.insert(&tour).await.expect("an insert");
    assert_eq!(store.find(tour.id).await.expect("an answer"), Some(tour));
    assert_eq!(store.find(Uuid::new_v4()).await.expect("an answer"), None);
}

#[on_each_engine]
async fn tours_of_the_same_millisecond_are_each_listed_once(engine: Engine) {
    let database = engine.database().await;
    let store = empty(&database).await;
    for _ in 0..7 {
        let tour = titled("Le même", NOW);
        store.insert(&tour).await.expect("an insert");
    }
    let filter = TourFilter::default();
    let whole = store
        .list(&filter, Position::START, 7)
        .await
        .expect("a page");
    assert_eq!((whole.items.len(), whole.next), (7, None));
    let (mut walked, mut after) = (Vec::new(), Position::START);
    loop {
        let page = store.list(&filter, after, 2).await.expect("a page");
        walked.extend(page.items);
        let Some(next) = page.next else { break };
        after = next;
    }
    assert_eq!(walked, whole.items);
}

#[on_each_engine]
async fn of_two_changes_to_one_version_one_is_made(engine: Engine) {
    let database = engine.database().await;
    let store = seeded(&database).await;
    let id = seed_tours().expect("the file")[0].id;
    let changes = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.change(id, &details(), Some(1), NOW).await })
    });
    let mut made = 0;
    for change in changes.collect::<Vec<_>>() {
        let changed = change
            .await
            .expect("no panic")
            .expect("no fault of the store");
        made += usize::from(changed.is_some());
    }
    assert_eq!(made, 1);
    let tour = store.find(id).await.expect("an answer").expect("the tour");
    assert_eq!(tour.version, 2);
}

#[on_each_engine]
async fn a_withdrawn_tour_is_in_no_list_and_no_search_but_is_found_by_its_id(engine: Engine) {
    let database = engine.database().await;
    let store = seeded(&database).await;
    let id = seed_tours().expect("the file")[0].id;
    assert_eq!(
        store.withdraw(id, Some(7), NOW).await.expect("an answer"),
        None
    );
    let withdrawn = store
        .withdraw(id, None, NOW)
        .await
        .expect("an answer")
        .expect("the tour");
    assert_eq!(
        (withdrawn.status, withdrawn.version),
        (Status::Withdrawn, 2)
    );
    assert!(search(&store, "chambord").await.items.is_empty());
    let page = store
        .list(&TourFilter::default(), Position::START, 100)
        .await
        .expect("a page");
    assert!(page.items.iter().all(|tour| tour.id != id));
    assert_eq!(store.find(id).await.expect("an answer"), Some(withdrawn));
    let again = store
        .change(id, &details(), None, NOW)
        .await
        .expect("an answer");
    assert_eq!(again, None, "a withdrawn tour cannot be changed");
}
