//! Changing and withdrawing tours, and who may.

use escale_engines::{Engine, on_each_engine};
use http::Method;
use serde_json::{Value, json};

use super::{Call, Catalogue, GINA, GUY, create, form, path_of, seed_id};

/// Proves: API5:2019, API5:2023, svc-function-level
#[on_each_engine]
async fn writing_needs_scope_and_role(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    for (id, role, scope, code) in [
        (GINA, "guide", "tours:read", "insufficient_scope"),
        (GINA, "user", "tours:read tours:write", "role_required"),
        ("partner", "", "tours:write", "role_required"),
        ("partner", "admin", "tours:write", "role_required"),
    ] {
        for (method, path) in [
            (Method::POST, "/tours".to_owned()),
            (Method::PUT, format!("/tours/{}", seed_id(0))),
            (Method::DELETE, format!("/tours/{}", seed_id(0))),
        ] {
            let call = Call::new(method, &path)
                .identity(id, role, scope)
                .with("if-match", "*");
            // Without a body: the rights are looked at before the form.
            catalogue.send(call).await.assert_refused(403, code);
        }
    }
}

#[on_each_engine]
async fn a_guide_changes_only_own_tours_and_an_administrator_all(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let mine = path_of(&create(&catalogue, &form()).await);
    let house = format!("/tours/{}", seed_id(0));
    let put = |path: &str| {
        Call::new(Method::PUT, path)
            .with("if-match", "*")
            .json(&form())
    };
    catalogue
        .send(put(&mine).guide(GUY))
        .await
        .assert_refused(403, "role_required");
    catalogue
        .send(put(&house).guide(GINA))
        .await
        .assert_refused(403, "role_required");
    let delete = Call::new(Method::DELETE, &mine)
        .with("if-match", "*")
        .guide(GUY);
    catalogue
        .send(delete)
        .await
        .assert_refused(403, "role_required");
    assert_eq!(catalogue.send(put(&mine).guide(GINA)).await.status, 200);
    assert_eq!(catalogue.send(put(&mine).admin()).await.status, 200);
    assert_eq!(catalogue.send(put(&house).admin()).await.status, 200);
    let unknown = put("/tours/7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10").admin();
    catalogue
        .send(unknown)
        .await
        .assert_refused(404, "not_found");
}

#[on_each_engine]
async fn a_change_names_the_version_it_was_made_from(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let path = path_of(&create(&catalogue, &form()).await);
    let put = || Call::new(Method::PUT, &path).guide(GINA).json(&form());
    catalogue
        .send(put())
        .await
        .assert_refused(428, "precondition_required");
    let unreadable = catalogue.send(put().with("if-match", "v1")).await;
    unreadable.assert_refused(400, "malformed_request");
    for stale in ["\"v0\"", "W/\"v1\"", "\"v01\""] {
        let answer = catalogue.send(put().with("if-match", stale)).await;
        answer.assert_refused(412, "precondition_failed");
    }
    catalogue.clock.advance(std::time::Duration::from_secs(60));
    let changed = catalogue.send(put().with("if-match", "\"v1\"")).await;
    assert_eq!(
        (changed.status.as_u16(), changed.header("etag")),
        (200, "\"v2\"")
    );
    assert_eq!(changed.body["updatedAt"], "2027-06-30T12:01:00.000Z");
    assert_eq!(changed.body["createdAt"], "2027-06-30T12:00:00.000Z");
    let again = catalogue.send(put().with("if-match", "\"v1\"")).await;
    again.assert_refused(412, "precondition_failed");
}

#[on_each_engine]
async fn a_changed_tour_is_found_by_its_new_words_only(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let path = path_of(&create(&catalogue, &form()).await);
    let mut body = form();
    body["title"] = json!({"fr": "Tour du Queyras", "en": "Around the Queyras"});
    body["city"] = "Château-Ville-Vieille".into();
    let put = Call::new(Method::PUT, &path)
        .guide(GINA)
        .with("if-match", "\"v1\"")
        .json(&body);
    assert_eq!(catalogue.send(put).await.status, 200);
    assert!(
        catalogue
            .get("/tours/search?q=vercors")
            .await
            .ids()
            .is_empty()
    );
    assert_eq!(
        catalogue.get("/tours/search?q=queyras").await.ids().len(),
        1
    );
    assert_eq!(
        catalogue
            .get("/tours?city=chateau+ville+vieille")
            .await
            .ids()
            .len(),
        1
    );
}

#[on_each_engine]
async fn a_withdrawn_tour_is_hidden_but_still_answers_by_id(engine: Engine) {
    let catalogue = Catalogue::open(engine).await;
    let path = path_of(&create(&catalogue, &form()).await);
    let delete = || Call::new(Method::DELETE, &path).guide(GINA);
    catalogue
        .send(delete())
        .await
        .assert_refused(428, "precondition_required");
    let stale = catalogue.send(delete().with("if-match", "\"v7\"")).await;
    stale.assert_refused(412, "precondition_failed");
    for tag in ["\"v1\"", "\"v2\"", "*"] {
        let answer = catalogue.send(delete().with("if-match", tag)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.body),
            (204, Value::Null),
            "{tag}"
        );
    }
    let read = catalogue.get(&path).await;
    assert_eq!(
        (read.header("etag"), &read.body["status"]),
        ("\"v2\"", &json!("withdrawn"))
    );
    let inside = Call::new(Method::GET, &format!("/internal{path}")).by_service("booking");
    assert_eq!(catalogue.send(inside).await.body["status"], "withdrawn");
    assert!(
        catalogue
            .get("/tours/search?q=vercors")
            .await
            .ids()
            .is_empty()
    );
    assert_eq!(catalogue.get("/tours?city=die").await.ids().len(), 0);
    let put = Call::new(Method::PUT, &path)
        .guide(GINA)
        .with("if-match", "*")
        .json(&form());
    catalogue
        .send(put)
        .await
        .assert_refused(409, "tour_withdrawn");
}
