//! `?limit=&cursor=` of a list. The cursor names the last item that was seen, so that a page is neither doubled nor
//! skipped when payments are added meanwhile.

use axum::extract::FromRequestParts;
use axum::extract::Query;
use http::request::Parts;
use serde::Serialize;
use service_kit::clock::Timestamp;
use service_kit::error::{ApiError, Code, Fault, Rule};
use uuid::Uuid;

use crate::store::Position;

const DEFAULT_LIMIT: i64 = 20;
const LARGEST_LIMIT: i64 = 100;

/// The page that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    pub limit: i64,
    pub after: Option<Position>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listing<T> {
    pub items: Vec<T>,
    pub next_cursor: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Query(pairs) = Query::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|rejection| ApiError::new(Code::InvalidQuery).because(rejection))?;
        Self::read(&pairs)
    }
}

impl Page {
    fn read(pairs: &[(String, String)]) -> Result<Self, ApiError> {
        let mut page = Self {
            limit: DEFAULT_LIMIT,
            after: None,
        };
        let mut faults = Vec::new();
        for (index, (name, value)) in pairs.iter().enumerate() {
            let doubled = pairs[..index].iter().any(|(earlier, _)| earlier == name);
            match name.as_str() {
                _ if doubled => faults.push(Fault::new(name, Rule::Format)),
                "limit" => match value.parse() {
                    Ok(limit @ 1..=LARGEST_LIMIT) => page.limit = limit,
                    _ => faults.push(Fault::new(
                        name,
                        Rule::Range {
                            min: 1,
                            max: LARGEST_LIMIT,
                        },
                    )),
                },
                "cursor" => page.after = Some(read_cursor(value).ok_or(Code::InvalidCursor)?),
                _ => faults.push(Fault::new(name, Rule::Unknown)),
            }
        }
        if faults.is_empty() {
            return Ok(page);
        }
        Err(ApiError::invalid(Code::InvalidQuery, faults))
    }
}

pub(super) fn cursor(position: Position) -> String {
    format!("{}-{}", position.created_at.0, position.id.simple())
}

fn read_cursor(text: &str) -> Option<Position> {
    let (created_at, id) = text.split_once('-')?;
    Some(Position {
        created_at: Timestamp(created_at.parse().ok()?),
        id: Uuid::try_parse(id).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Page, Code> {
        let owned: Vec<_> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Page::read(&owned).map_err(|error| error.code)
    }

    #[test]
    fn a_cursor_comes_back_as_the_position_that_it_was_made_from() {
        let position = Position {
            created_at: Timestamp(1_814_356_800_042),
            id: Uuid::new_v4(),
        };
        let page = read(&[("cursor", &cursor(position)), ("limit", "100")]).expect("a page");
        assert_eq!(page.after, Some(position));
        assert_eq!(page.limit, 100);
    }

    #[test]
    fn a_query_that_is_not_understood_is_refused() {
        for bad in [
            &[("limit", "0")][..],
            &[("limit", "101")],
            &[("limit", "ten")],
            &[("limit", "5"), ("limit", "6")],
            &[("user", "x")],
        ] {
            assert_eq!(read(bad), Err(Code::InvalidQuery), "{bad:?}");
        }
        for bad in ["", "12", "x-y", "12-34", "' OR 1=1"] {
            assert_eq!(read(&[("cursor", bad)]), Err(Code::InvalidCursor), "{bad}");
        }
    }
}
