//! How many keys there are of one account, and what they open at most.

use escale_engines::{Engine, on_each_engine};
use serde_json::Value;

use super::super::service::Service;
use super::{DAY, alice, call, create};
use crate::api_keys::{self, ApiKeyError, NewKey};
use crate::domain::scope::Scopes;

#[on_each_engine]
async fn ten_keys_are_enough_also_for_requests_that_come_at_one_moment(engine: Engine) {
    let service = Service::start(engine).await;
    let alice = alice(&service).await;
    let requests = (0..15).map(|_| create(&service, &alice));
    let answers = futures_util::future::join_all(requests).await;
    let made: Vec<_> = answers.iter().filter(|one| one.status == 201).collect();
    assert_eq!(made.len(), 10);
    for refused in answers.iter().filter(|one| one.status != 201) {
        refused.assert_refused(409, "too_many_api_keys");
    }
    let path = format!("/auth/api-keys/{}", made[0].text("id"));
    call(&service, &alice, "DELETE", &path, Value::Null).await;
    assert_eq!(
        create(&service, &alice).await.status,
        201,
        "there is room again"
    );
    service.advance(90 * DAY);
    assert_eq!(
        create(&service, &alice).await.status,
        201,
        "nor do keys take room that have expired"
    );
}

/// The form and the seed file have asked before; whatever else makes keys one day has not.
#[on_each_engine]
async fn no_key_is_made_that_opens_more_than_what_is_public(engine: Engine) {
    let service = Service::start(engine).await;
    let alice = alice(&service).await.parse().expect("an id");
    for (scopes, expected) in [("tours:read", true), ("tours:read bookings:read", false)] {
        let new = NewKey {
            name: "n".to_owned(),
            scopes: Scopes::parse(scopes).expect("scopes"),
            days: 1,
        };
        let made = api_keys::create(&service.state, alice, new).await;
        let too_wide = matches!(made, Err(ApiKeyError::ScopeTooWide));
        assert_eq!((made.is_ok(), too_wide), (expected, !expected), "{scopes}");
    }
}
