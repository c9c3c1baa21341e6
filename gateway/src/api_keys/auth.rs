//! The question to the authorisation server: `GET /internal/api-keys/{hash}`, over mTLS.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use futures_util::FutureExt;
use http::uri::PathAndQuery;
use http::{HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use service_kit::api_key::KeyHash;
use service_kit::context::RequestContext;
use uuid::Uuid;

use super::{Ask, Holder};
use crate::proxy::Upstream;
use crate::revocations::Mark;
use crate::tokens::Verified;

/// A request waits for it.
const DEADLINE: Duration = Duration::from_secs(2);
/// An answer has some 200 bytes.
const LARGEST: usize = 4 * 1024;

#[derive(Deserialize)]
struct Answer {
    id: Uuid,
    owner: Uuid,
    scope: String,
    expires: i64,
    as_of: i64,
}

pub fn ask_auth(auth: Upstream) -> Ask {
    Arc::new(move |hash| {
        let auth = auth.clone();
        async move { ask(&auth, hash).await }.boxed()
    })
}

async fn ask(auth: &Upstream, hash: KeyHash) -> Result<Option<Holder>, String> {
    let mut request = Request::new(Body::empty());
    RequestContext::begin().write_to(request.headers_mut());
    let target = PathAndQuery::try_from(format!("/internal/api-keys/{hash}"))
        .map_err(|error| error.to_string())?;
    let response = auth
        .send(request, target, DEADLINE)
        .await
        .map_err(|error| error.to_string())?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND => return Ok(None),
        other => return Err(format!("status {other}")),
    }
    let body = Limited::new(response.into_body(), LARGEST).collect();
    let body = tokio::time::timeout(DEADLINE, body)
        .await
        .map_err(|_| "the answer does not end".to_owned())?
        .map_err(|error| error.to_string())?;
    read(&body.to_bytes()).map(Some)
}

/// A key's bearer is nobody but the key. `key:` and an id is no user's and no application's name, so no service takes
/// it for its owner (RFC 9700 section 4.15), and it has no role. Counted are all keys of one owner together, and apart
/// from himself: ten keys are no ten quotas, and whoever wears down a stolen one does not keep its owner from taking it
/// back.
fn read(body: &[u8]) -> Result<Holder, String> {
    let no_holder = || "the answer is no key's holder".to_owned();
    let answer: Answer = serde_json::from_slice(body).map_err(|_| no_holder())?;
    let Answer { id, owner, .. } = &answer;
    let verified = Verified::new(&format!("key:{id}"), &[], &answer.scope, answer.expires)
        .map_err(|fault| fault.to_string())?;
    let counted_as =
        HeaderValue::try_from(format!("keys-of:{owner}")).map_err(|error| error.to_string())?;
    Ok(Holder {
        verified: Arc::new(Verified {
            counted_as,
            ..verified
        }),
        mark: Mark {
            token: id.to_string().into(),
            family: None,
            subject: owner.to_string().into(),
            issued: answer.as_of,
        },
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use service_kit::api_key::ApiKey;

    use super::*;
    use crate::config::UpstreamUrls;
    use crate::route_table::Service;
    use crate::test_network::{TestNetwork, nowhere};

    const ID: &str = "7b6d2f3e-58a5-4b3b-9d52-0f6f3c1f2a10";
    const OWNER: &str = "00000000-0000-4000-8000-000000000b0b";

    fn answer(scope: &str) -> String {
        format!(r#"{{"id":"{ID}","owner":"{OWNER}","scope":"{scope}","expires":9,"as_of":5}}"#)
    }

    #[test]
    fn a_key_is_handed_on_as_itself_and_never_as_its_owner() {
        let holder = read(answer("tours:read").as_bytes()).expect("a holder");
        let Verified {
            subject,
            roles,
            counted_as,
            expires,
            ..
        } = &*holder.verified;
        assert_eq!(subject, &format!("key:{ID}"));
        assert_eq!(counted_as, &format!("keys-of:{OWNER}"));
        assert_eq!((roles.as_bytes(), *expires), (&b""[..], 9));
        assert_eq!((&*holder.mark.token, &*holder.mark.subject), (ID, OWNER));
    }

    #[test]
    fn an_answer_of_another_form_is_no_holder() {
        for bad in [
            "",
            "{}",
            &answer("tours:read\\nx"),
            &answer("tours:read").replace(ID, "alice"),
            &answer("tours:read").replace("9", "\"9\""),
        ] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    /// 404 is the only word for it: of anything else an outage could be made, or a good key forgotten.
    #[tokio::test]
    async fn an_auth_that_fails_or_says_too_much_has_not_said_that_a_key_is_nobodys() {
        let network = TestNetwork::new();
        let too_long = answer("tours:read") + &" ".repeat(LARGEST);
        for (status, body, expected) in [
            (200, answer("tours:read"), Some(true)),
            (404, String::new(), Some(false)),
            (500, String::new(), None),
            (403, String::new(), None),
            (200, too_long, None),
        ] {
            let status = StatusCode::from_u16(status).expect("a status");
            let answers = move || async move { (status, body) };
            let running = network.start("auth", Router::new().fallback(answers));
            let auth = running.url();
            let upstreams = network.upstreams(&UpstreamUrls { auth, ..nowhere() });
            let ask = ask_auth(upstreams.of(Service::Auth).clone());
            let said = ask(ApiKey::random().hash()).await;
            let is_known = said.map(|holder| holder.is_some());
            assert_eq!(is_known.ok(), expected, "{status}");
        }
    }
}
