//! Reading one tour, from outside and from inside, and who may read.

use escale_engines::{Engine, on_each_engine};
use std::collections::BTreeSet;

use http::Method;
use serde_json::json;

use super::{Call, Catalogue, GINA, seed_id};

/// Proves: API3:2019, API3:2023
#[on_each_engine]
async fn a_tour_has_the_agreed_fields_and_no_others(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let answer = catalogue.get(&format!("/tours/{}", seed_id(0))).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("etag")),
        (200, "\"v1\"")
    );
    let fields: Vec<&str> = answer
        .body
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect();
    let expected = [
        "capacityPerDay",
        "category",
        "city",
        "country",
        "createdAt",
        "currency",
        "description",
        "durationHours",
        "id",
        "priceCents",
        "status",
        "title",
        "updatedAt",
        "version",
    ];
    assert_eq!(
        fields.into_iter().collect::<BTreeSet<_>>(),
        BTreeSet::from(expected)
    );
    assert_eq!(answer.body["createdAt"], "2027-06-30T12:00:00.000Z");
    for path in [
        "/tours/7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10",
        "/tours/1",
        "/tours/%27",
    ] {
        catalogue.get(path).await.assert_refused(404, "not_found");
    }
}

#[on_each_engine]
async fn what_the_client_has_is_not_sent_again(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let path = format!("/tours/{}", seed_id(3));
    for (tags, status) in [
        ("\"v1\"", 304),
        ("W/\"v1\"", 304),
        ("\"v9\", \"v1\"", 304),
        ("*", 304),
        ("\"v2\"", 200),
        ("v1", 200),
    ] {
        let answer = catalogue
            .send(Call::new(Method::GET, &path).with("if-none-match", tags))
            .await;
        assert_eq!(answer.status.as_u16(), status, "{tags}");
        assert_eq!(
            (answer.header("etag"), answer.header("cache-control")),
            ("\"v1\"", "private, no-cache")
        );
        assert_eq!(answer.body.is_null(), status == 304);
    }
}

#[on_each_engine]
async fn only_the_gateway_reads_for_users_and_only_booking_reads_inside(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let inside = format!("/internal/tours/{}", seed_id(0));
    for (path, service, status) in [
        (inside.as_str(), "booking", 200),
        (inside.as_str(), "gateway", 403),
        (inside.as_str(), "payment", 403),
        ("/tours", "gateway", 200),
        ("/tours", "booking", 403),
        (
            "/internal/tours/7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10",
            "booking",
            404,
        ),
    ] {
        let answer = catalogue
            .send(Call::new(Method::GET, path).by_service(service))
            .await;
        assert_eq!(answer.status.as_u16(), status, "{service} {path}");
    }
    let mut call = Call::new(Method::GET, "/tours");
    call.0.extensions_mut().clear();
    catalogue
        .send(call)
        .await
        .assert_refused(403, "caller_not_allowed");
}

/// Proves: API3:2019, API3:2023
#[on_each_engine]
async fn booking_reads_what_it_needs_and_no_more(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let call =
        Call::new(Method::GET, &format!("/internal/tours/{}", seed_id(0))).by_service("booking");
    let expected = json!({
        "id": seed_id(0), "priceCents": 8900, "currency": "EUR", "capacityPerDay": 24, "status": "offered",
        "title": {"fr": "Châteaux de la Loire en une journée", "en": "Loire châteaux in a day"}
    });
    assert_eq!(catalogue.send(call).await.body, expected);
}

#[on_each_engine]
async fn reading_needs_the_scope(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    for path in [
        "/tours".to_owned(),
        "/tours/search?q=mer".to_owned(),
        format!("/tours/{}", seed_id(0)),
    ] {
        let call = Call::new(Method::GET, &path).identity(GINA, "guide", "tours:write");
        catalogue
            .send(call)
            .await
            .assert_refused(403, "insufficient_scope");
        let application = Call::new(Method::GET, &path).identity("partner", "", "tours:read");
        assert_eq!(catalogue.send(application).await.status, 200);
    }
}
