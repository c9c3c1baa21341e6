//! `GET /internal/revocations?feed=&after=`: what was taken back after a gateway's position, as a long poll. The
//! gateway alone may ask, over mTLS; no route of the gateway leads here.

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use service_kit::error::{ApiError, Rule};
use service_kit::query::Query;
use uuid::Uuid;

use crate::revocations::{News, Position};
use crate::state::AppState;
use crate::store::revocations::Revocation;

#[derive(Serialize)]
pub struct NewsBody {
    feed: Uuid,
    last: i64,
    more: bool,
    revocations: Vec<RevocationBody>,
}

#[derive(Serialize)]
struct RevocationBody {
    kind: String,
    value: String,
    /// Tokens issued until this second; 0 for single tokens and families.
    issued_until: i64,
    /// The second from which on no token that it touches lives.
    ends: i64,
}

pub async fn revocations(
    State(state): State<AppState>,
    mut query: Query,
) -> Result<Json<NewsBody>, ApiError> {
    let feed = query.known("feed", Rule::Uuid, |text| Uuid::try_parse(text).ok());
    let after = query.integer("after", 0, i64::MAX);
    query.finish()?;
    let position = feed
        .zip(after)
        .map(|(feed, after)| Position { feed, after });
    let news = state.revocations.after(position, state.clock.now()).await?;
    Ok(Json(news.into()))
}

impl From<News> for NewsBody {
    fn from(news: News) -> Self {
        Self {
            feed: news.feed,
            last: news.last,
            more: news.more,
            revocations: news
                .revocations
                .into_iter()
                .map(RevocationBody::from)
                .collect(),
        }
    }
}

impl From<Revocation> for RevocationBody {
    fn from(revocation: Revocation) -> Self {
        Self {
            kind: revocation.kind,
            value: revocation.value,
            issued_until: revocation.issued_until,
            // Rounded up: the last second counts whole.
            ends: revocation.ends_at.seconds() + 1,
        }
    }
}
