//! The catalogue.

use escale_tests::{Town, Visitor};
use http::Method;
use serde_json::{Value, json};

pub fn new_tour(capacity: u32) -> Value {
    json!({
        "title": {"fr": "Tour d'essai", "en": "Test tour"},
        "description": {
            "fr": "Une promenade qui n'existe que le temps d'un essai.",
            "en": "A walk that exists only as long as a test.",
        },
        "city": "Lyon", "country": "FR", "category": "culture", "durationHours": 3,
        "priceCents": 4_250, "currency": "EUR", "capacityPerDay": capacity,
    })
}

async fn change(
    visitor: &Visitor,
    method: Method,
    path: &str,
    etag: Option<&str>,
    body: &Value,
) -> escale_tests::Answer {
    let request = visitor.request(method, path);
    let request = match body {
        Value::Null => request,
        body => request.json(body),
    };
    let request = match etag {
        Some(etag) => request.header("if-match", etag),
        None => request,
    };
    visitor.send(request).await
}

#[tokio::test]
async fn forty_tours_are_listed_page_by_page_each_once() {
    let town = Town::start().await;
    let user = town.user().await;
    let mut seen = std::collections::BTreeSet::new();
    let mut path = "/api/tours?limit=7".to_owned();
    loop {
        let page = user.get(&path).await.assert_status(200).json();
        for tour in page["items"].as_array().unwrap() {
            assert!(
                seen.insert(tour["id"].as_str().unwrap().to_owned()),
                "a tour stands twice"
            );
            assert!(tour["title"]["fr"].is_string() && tour["title"]["en"].is_string());
        }
        match page["nextCursor"].as_str() {
            Some(cursor) => path = format!("/api/tours?limit=7&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen.len(), 40);
}

#[tokio::test]
async fn search_folds_accents_and_filters_narrow() {
    let town = Town::start().await;
    let user = town.user().await;
    let plain = user
        .get("/api/tours/search?q=chateau")
        .await
        .assert_status(200)
        .json();
    let accented = user
        .get("/api/tours/search?q=ch%C3%A2teau")
        .await
        .assert_status(200)
        .json();
    assert!(!plain["items"].as_array().unwrap().is_empty());
    assert_eq!(plain, accented);
    let gastronomy = user
        .get("/api/tours?category=gastronomy&limit=100")
        .await
        .assert_status(200)
        .json();
    let gastronomy = gastronomy["items"].as_array().unwrap();
    assert!(!gastronomy.is_empty() && gastronomy.len() < 40);
    assert!(
        gastronomy
            .iter()
            .all(|tour| tour["category"] == "gastronomy")
    );
    user.get("/api/tours?limit=0&colour=red")
        .await
        .assert_refused(400, "invalid_query");
    user.get("/api/tours?cursor=rubbish")
        .await
        .assert_refused(400, "invalid_cursor");
}

#[tokio::test]
async fn a_guide_creates_changes_and_withdraws_a_tour_and_a_stale_change_is_refused() {
    let town = Town::start().await;
    let gina = town.account("gina").await;
    let created = gina
        .post("/api/tours", &new_tour(12))
        .await
        .assert_status(201);
    let (path, etag) = (
        created.header("location").to_owned(),
        created.header("etag").to_owned(),
    );
    assert_eq!(path, format!("/api/tours/{}", created.field("/id")));
    let mut dearer = new_tour(12);
    dearer["priceCents"] = json!(5_000);
    change(&gina, Method::PUT, &path, None, &dearer)
        .await
        .assert_refused(428, "precondition_required");
    let changed = change(&gina, Method::PUT, &path, Some(&etag), &dearer)
        .await
        .assert_status(200);
    assert_ne!(changed.header("etag"), etag);
    change(&gina, Method::PUT, &path, Some(&etag), &dearer)
        .await
        .assert_refused(412, "precondition_failed");
    let fresh = changed.header("etag").to_owned();
    let unchanged = gina
        .request(Method::GET, &path)
        .header("if-none-match", &fresh);
    gina.send(unchanged).await.assert_status(304);
    change(&gina, Method::DELETE, &path, Some(&fresh), &Value::Null)
        .await
        .assert_status(204);
    assert_eq!(gina.get(&path).await.field("/status"), "withdrawn");
}

/// Proves: API5:2019, API5:2023, svc-function-level
#[tokio::test]
async fn only_guides_and_admins_write_and_a_guide_only_her_own() {
    let town = Town::start().await;
    let tour = new_tour(12);
    town.user()
        .await
        .post("/api/tours", &tour)
        .await
        .assert_refused(403, "insufficient_scope");
    town.app("tours:read")
        .await
        .post("/api/tours", &tour)
        .await
        .assert_refused(403, "insufficient_scope");
    let admin = town.account("admin").await;
    let created = admin.post("/api/tours", &tour).await.assert_status(201);
    let (path, etag) = (
        created.header("location").to_owned(),
        created.header("etag").to_owned(),
    );
    let gina = town.account("gina").await;
    change(&gina, Method::PUT, &path, Some(&etag), &tour)
        .await
        .assert_refused(403, "role_required");
}

/// Proves: API6:2019, API3:2023, svc-mass-assignment
#[tokio::test]
async fn fields_that_are_not_the_writers_are_refused_and_change_nothing() {
    let town = Town::start().await;
    let gina = town.account("gina").await;
    let mut tour = new_tour(12);
    tour["ownerId"] = json!("00000000-0000-4000-8000-000000000000");
    tour["status"] = json!("withdrawn");
    tour["priceCents"] = json!(-1);
    let refused = gina
        .post("/api/tours", &tour)
        .await
        .assert_refused(400, "invalid_data");
    assert_eq!(refused.json()["errors"].as_array().unwrap().len(), 3);
}
