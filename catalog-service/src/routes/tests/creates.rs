//! Creating tours, and what a form may hold.

use escale_engines::{Engine, on_each_engine};
use escale_schemas::tour::TourForm;
use serde_json::json;
use service_kit::form::Form;
use time::Date;

use super::{Catalogue, GUY, create, form, path_of};
use crate::store::seed_tours;

#[on_each_engine]
async fn a_guide_creates_a_tour_and_everybody_can_read_it(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let created = create(&catalogue, &form()).await;
    assert_eq!(
        (created.status.as_u16(), created.header("etag")),
        (201, "\"v1\"")
    );
    let path = path_of(&created);
    assert_eq!(created.header("location"), format!("/api{path}"));
    let read = catalogue.get(&path).await;
    assert_eq!(read.body, created.body);
    let found = catalogue.get("/tours/search?q=traversee+vercors").await;
    assert_eq!(found.body["items"], json!([created.body]));
    assert_eq!(
        catalogue.get("/tours?limit=1").await.body["items"],
        json!([created.body])
    );
}

#[on_each_engine]
async fn every_fault_of_a_form_is_told_at_once(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let body = json!({
        "title": {"fr": "ab", "en": "   "}, "description": {"fr": "trop court", "de": "x"}, "city": "a\nb",
        "country": "ZZ", "category": "beach", "durationHours": 721, "priceCents": -1, "currency": "USD",
        "capacityPerDay": 1.5, "ownerId": GUY, "status": "offered", "version": 9
    });
    let answer = create(&catalogue, &body).await;
    answer.assert_refused(400, "invalid_data");
    let expected = [
        "/capacityPerDay type",
        "/category choice",
        "/city format",
        "/country format",
        "/currency choice",
        "/description/de unknown_field",
        "/description/en required",
        "/description/fr length",
        "/durationHours range",
        "/ownerId unknown_field",
        "/priceCents range",
        "/status unknown_field",
        "/title/en format",
        "/title/fr length",
        "/version unknown_field",
    ];
    assert_eq!(answer.faults(), expected);
    let nothing = create(&catalogue, &json!({})).await;
    assert_eq!(nothing.faults().len(), 9, "{:?}", nothing.faults());
}

/// Proves: API8:2019, svc-injection
#[on_each_engine]
async fn what_is_sent_is_stored_and_returned_as_it_came(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    for text in [
        "Robert'); DROP TABLE tours;-- et la mer",
        "\"100 %\" _ \\ \\' ` ${jndi} {{7*7}} <script>alert(1)</script>",
        "\u{1f40b}\u{1f1eb}\u{1f1f7} baleines \u{20000}\u{20001}",
        "\u{202e}sirap\u{202c} \u{2067}شالة\u{2069} \u{200f}marque",
        "cafe\u{301} et café  deux  espaces ",
    ] {
        let mut body = form();
        body["title"]["fr"] = text.into();
        body["description"]["en"] = format!("{text}\n{text}\tand more of it").into();
        let created = create(&catalogue, &body).await;
        assert_eq!(created.status, 201, "{}", created.body);
        let read = catalogue.get(&path_of(&created)).await;
        assert_eq!(read.body["title"]["fr"], body["title"]["fr"]);
        assert_eq!(read.body["description"]["en"], body["description"]["en"]);
    }
    let mut body = form();
    body["title"]["fr"] = "nul\0octet".into();
    create(&catalogue, &body)
        .await
        .assert_refused(400, "invalid_data");
    assert_eq!(catalogue.get("/tours?limit=100").await.ids().len(), 45);
}

#[test]
fn every_tour_of_the_seed_would_pass_the_form() {
    for seed in seed_tours().expect("the seed file is TOML") {
        let body = serde_json::to_vec(&seed.details).expect("JSON");
        let form = Form::<TourForm>::read(&body).expect("a JSON object");
        let details = escale_schemas::accept(form, Date::MIN);
        let details = details.map_err(|error| (seed.id, error.faults));
        assert_eq!(details.expect("no faults"), seed.details);
    }
}
