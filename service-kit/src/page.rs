//! A page of a list: as a store cuts it, and as callers read it.
//!
//! Pages go by keyset: a page begins behind an item, not at a number, so an item that is added meanwhile makes no other
//! one appear twice or not at all.

use serde::Serialize;
use utoipa::ToSchema;

/// A piece of a list of `T`, in which `P` is an item's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T, P> {
    pub items: Vec<T>,
    /// The last item's place when there are more behind it.
    pub next: Option<P>,
}

impl<T, P> Page<T, P> {
    /// Cuts a page out of the items found and their places. They are up to [`one_more`] than `limit`: the one too many
    /// tells that there is a next page.
    pub fn cut(found: Vec<(T, P)>, limit: u16) -> Self {
        let limit = usize::from(limit);
        let more = found.len() > limit;
        let (items, mut places): (Vec<T>, Vec<P>) = found.into_iter().take(limit).unzip();
        Self {
            items,
            next: places.pop().filter(|_| more),
        }
    }
}

/// How many rows to ask the database for, to give [`Page::cut`] what it needs.
pub fn one_more(limit: u16) -> i64 {
    i64::from(limit) + 1
}

/// The answer to a request for a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageBody<B> {
    pub items: Vec<B>,
    /// `null` on the last page.
    #[schema(required)]
    pub next_cursor: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_names_the_place_of_its_last_item_only_when_more_items_follow() {
        let found = |count: i32| (1..=count).map(|item| (item, -item)).collect();
        for (count, items, next) in [
            (0, vec![], None),
            (1, vec![1], None),
            (2, vec![1, 2], None),
            (3, vec![1, 2], Some(-2)),
        ] {
            assert_eq!(Page::cut(found(count), 2), Page { items, next });
        }
        assert_eq!(one_more(2), 3);
    }
}
