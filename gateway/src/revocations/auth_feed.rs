//! The authorisation server's feed: `GET /internal/revocations`, a long poll over mTLS.

use std::time::Duration;

use axum::body::Body;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use http::Request;
use http::uri::PathAndQuery;
use http_body_util::{BodyExt, Limited};
use serde::Deserialize;
use service_kit::context::RequestContext;

use super::{Feed, News, Position, Revocation, What};
use crate::proxy::Upstream;

const PATH: &str = "/internal/revocations";
/// A server that hangs is noticed after this; it answers after ten seconds even when it has no news.
const DEADLINE: Duration = Duration::from_secs(15);
/// Some thousand revocations of 150 bytes are an answer.
const LARGEST: usize = 1024 * 1024;

#[derive(Debug, Clone)]
pub struct AuthFeed(Upstream);

#[derive(Deserialize)]
struct Document {
    feed: String,
    last: u64,
    more: bool,
    revocations: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    kind: Kind,
    value: Box<str>,
    issued_until: i64,
    ends: i64,
}

/// A kind that this gateway does not know is no answer that it can follow: it must not pass for nothing.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Token,
    Family,
    Subject,
}

impl AuthFeed {
    pub fn new(auth: Upstream) -> Self {
        Self(auth)
    }

    async fn ask(&self, position: Option<&Position>) -> Result<News, String> {
        let mut request = Request::new(Body::empty());
        RequestContext::begin().write_to(request.headers_mut());
        let response = self
            .0
            .send(request, target(position)?, DEADLINE)
            .await
            .map_err(|error| error.to_string())?;
        if !response.status().is_success() {
            return Err(format!("status {}", response.status()));
        }
        let body = Limited::new(response.into_body(), LARGEST).collect();
        let body = tokio::time::timeout(DEADLINE, body)
            .await
            .map_err(|_| "the answer does not end".to_owned())?
            .map_err(|error| error.to_string())?;
        read(&body.to_bytes())
    }
}

impl Feed for AuthFeed {
    fn after<'a>(&'a self, position: Option<&'a Position>) -> BoxFuture<'a, Result<News, String>> {
        self.ask(position).boxed()
    }
}

fn target(position: Option<&Position>) -> Result<PathAndQuery, String> {
    let Some(Position { feed, after }) = position else {
        return Ok(PathAndQuery::from_static(PATH));
    };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("feed", feed)
        .append_pair("after", &after.to_string())
        .finish();
    PathAndQuery::try_from(format!("{PATH}?{query}")).map_err(|error| error.to_string())
}

fn read(body: &[u8]) -> Result<News, String> {
    let document: Document =
        serde_json::from_slice(body).map_err(|_| "the answer is no list of revocations")?;
    let revocation = |entry: Entry| Revocation {
        what: match entry.kind {
            Kind::Token => What::Token(entry.value),
            Kind::Family => What::Family(entry.value),
            Kind::Subject => What::Subject(entry.value, entry.issued_until),
        },
        ends: entry.ends,
    };
    Ok(News {
        position: Position {
            feed: document.feed,
            after: document.last,
        },
        more: document.more,
        revocations: document.revocations.into_iter().map(revocation).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_asked_from_and_cannot_add_a_parameter() {
        let asked = |feed: &str| {
            let position = Position {
                feed: feed.to_owned(),
                after: 7,
            };
            target(Some(&position)).expect("a target").to_string()
        };
        assert_eq!(asked("f"), "/internal/revocations?feed=f&after=7");
        assert_eq!(
            asked("f&x=1"),
            "/internal/revocations?feed=f%26x%3D1&after=7"
        );
        assert_eq!(target(None).expect("a target"), "/internal/revocations");
    }

    #[test]
    fn a_kind_that_is_not_known_here_is_a_fault_and_not_nothing() {
        let of = |kind: &str| {
            format!(
                r#"{{"feed":"f","last":3,"more":false,"revocations":[{{"kind":"{kind}","value":"v","issued_until":5,"ends":9}}]}}"#
            )
        };
        let news = read(of("subject").as_bytes()).expect("news");
        let expected = Revocation {
            what: What::Subject("v".into(), 5),
            ends: 9,
        };
        assert_eq!(news.revocations, [expected]);
        for bad in [of("client"), r#"{"spy":"/"}"#.to_owned(), String::new()] {
            assert!(read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
