//! Pages: `first`/`after` and `last`/`before` become one checked request; too much is refused, never cut.

use async_graphql::connection::{CursorType, OpaqueCursor, PageInfo};

use crate::config::Graphql;
use crate::error::Error;

/// A page of rows with their cursors.
pub(super) struct Rows<N> {
    pub(super) edges: Vec<(String, N)>,
    pub(super) has_previous: bool,
    pub(super) has_next: bool,
    pub(super) total: u64,
}

impl<N> Rows<N> {
    /// What Relay clients page by.
    pub(super) fn page_info(&self) -> PageInfo {
        PageInfo {
            has_previous_page: self.has_previous,
            has_next_page: self.has_next,
            start_cursor: self.edges.first().map(|(cursor, _)| cursor.clone()),
            end_cursor: self.edges.last().map(|(cursor, _)| cursor.clone()),
        }
    }
}

/// Makes the connection and edge types of a noun. The library's own have no descriptions.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty) => {
        /// A page of the list.
        pub(crate) struct $connection(pub(crate) $crate::graphql::page::Rows<$node>);

        /// A page of a list: rows, their cursors, and whether there are more.
        #[async_graphql::Object]
        impl $connection {
            /// Rows with their cursors.
            async fn edges(&self) -> Vec<$edge<'_>> {
                self.0
                    .edges
                    .iter()
                    .map(|(cursor, node)| $edge { cursor, node })
                    .collect()
            }

            /// Rows without their cursors.
            async fn nodes(&self) -> Vec<&$node> {
                self.0.edges.iter().map(|(_, node)| node).collect()
            }

            /// Whether there is more before and after this page, and the cursors to page on with.
            async fn page_info(&self) -> async_graphql::connection::PageInfo {
                self.0.page_info()
            }

            /// How many rows there are in all, on whatever page.
            async fn total_count(&self) -> u64 {
                self.0.total
            }
        }

        /// A row of a list and its cursor.
        #[derive(async_graphql::SimpleObject)]
        pub(crate) struct $edge<'a> {
            /// Opaque place of the row, for `after` and `before`.
            cursor: &'a str,
            /// Row.
            node: &'a $node,
        }
    };
}
pub(super) use connection;

/// The paging arguments as they were given.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    pub(super) first: Option<i32>,
    pub(super) after: Option<String>,
    pub(super) last: Option<i32>,
    pub(super) before: Option<String>,
}

/// A checked page.
#[derive(Clone, Debug)]
pub(super) struct Page<C> {
    pub(super) after: Option<C>,
    pub(super) before: Option<C>,
    pub(super) limit: u64,
    pub(super) from_end: bool,
}

impl Arguments {
    /// Checks the arguments; cursors are decoded as `C`.
    pub(super) fn check<C>(self, limits: &Graphql) -> Result<Page<C>, Error>
    where
        OpaqueCursor<C>: CursorType,
    {
        if self.first.is_some() && self.last.is_some() {
            return Err(Error::input(
                "first and last are both given",
                "give first to page forwards or last to page backwards",
            ));
        }
        let size = |name: &str, size: Option<i32>| match size {
            None => Ok(limits.default_page),
            Some(size) => u64::try_from(size)
                .ok()
                .filter(|size| *size <= limits.max_page)
                .ok_or_else(|| {
                    Error::input(
                        format!("{name} is {size}"),
                        format!("ask for 0 to {} at a time and page on with the cursor", limits.max_page),
                    )
                }),
        };
        let from_end = self.last.is_some();
        let limit = if from_end {
            size("last", self.last)?
        } else {
            size("first", self.first)?
        };
        Ok(Page {
            after: cursor("after", self.after)?,
            before: cursor("before", self.before)?,
            limit,
            from_end,
        })
    }
}

fn cursor<C>(name: &str, text: Option<String>) -> Result<Option<C>, Error>
where
    OpaqueCursor<C>: CursorType,
{
    let Some(text) = text else { return Ok(None) };
    match OpaqueCursor::<C>::decode_cursor(&text) {
        Ok(OpaqueCursor(cursor)) => Ok(Some(cursor)),
        Err(_) => Err(Error::input(
            format!("{name} is not a cursor of this list"),
            "take a cursor of an edge or of pageInfo as it was given",
        )),
    }
}

/// A page of a list in memory; the cursor is the immutable code.
pub(super) fn of_list<T, N>(
    items: &[T],
    page: &Page<String>,
    code: impl Fn(&T) -> &str,
    node: impl Fn(&T) -> N,
) -> Result<Rows<N>, Error> {
    let place = |cursor: &String| {
        let refuse = || {
            Error::input(
                format!("the cursor `{cursor}` is not in this list"),
                "page with the filters that the cursor came from",
            )
        };
        items.iter().position(|item| code(item) == cursor).ok_or_else(refuse)
    };
    let from = page.after.as_ref().map(place).transpose()?.map_or(0, |index| index + 1);
    let to = page
        .before
        .as_ref()
        .map(place)
        .transpose()?
        .unwrap_or(items.len())
        .max(from);
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let (start, end) = if page.from_end {
        (to.saturating_sub(limit).max(from), to)
    } else {
        (from, from.saturating_add(limit).min(to))
    };
    let edge = |item: &T| (OpaqueCursor(code(item).to_owned()).encode_cursor(), node(item));
    Ok(Rows {
        edges: items.get(start..end).unwrap_or_default().iter().map(edge).collect(),
        has_previous: start > 0,
        has_next: end < items.len(),
        total: items.len() as u64,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Graphql {
        Graphql {
            max_depth: 10,
            max_complexity: 1000,
            max_aliases: 5,
            max_directives: 5,
            max_tokens: 1000,
            persisted_bytes: 0,
            kept_bytes: 0,
            default_page: 2,
            max_page: 3,
            max_cells: 100,
            max_search: 1,
            max_table_rows: 1,
            introspection: true,
        }
    }

    fn codes(arguments: Arguments) -> (Vec<i32>, bool, bool) {
        let items = [(1, "a"), (2, "b"), (3, "c"), (4, "d")];
        let page = arguments.check(&limits()).unwrap();
        let rows = of_list(&items, &page, |item| item.1, |item| item.0).unwrap();
        (
            rows.edges.iter().map(|(_, node)| *node).collect(),
            rows.has_previous,
            rows.has_next,
        )
    }

    fn at(code: &str) -> Option<String> {
        Some(OpaqueCursor(code.to_owned()).encode_cursor())
    }

    #[test]
    fn pages_say_honestly_what_is_before_and_after() {
        assert_eq!(codes(Arguments::default()), (vec![1, 2], false, true));
        assert_eq!(
            codes(Arguments {
                first: Some(3),
                after: at("b"),
                ..Arguments::default()
            }),
            (vec![3, 4], true, false)
        );
        assert_eq!(
            codes(Arguments {
                last: Some(2),
                ..Arguments::default()
            }),
            (vec![3, 4], true, false)
        );
        assert_eq!(
            codes(Arguments {
                last: Some(1),
                before: at("c"),
                ..Arguments::default()
            }),
            (vec![2], true, true)
        );
        assert_eq!(
            codes(Arguments {
                first: Some(0),
                ..Arguments::default()
            }),
            (vec![], false, true)
        );
        assert_eq!(
            codes(Arguments {
                after: at("d"),
                ..Arguments::default()
            }),
            (vec![], true, false)
        );
    }

    #[test]
    fn what_cannot_be_paged_is_refused() {
        for arguments in [
            Arguments {
                first: Some(4),
                ..Arguments::default()
            },
            Arguments {
                first: Some(-1),
                ..Arguments::default()
            },
            Arguments {
                last: Some(i32::MAX),
                ..Arguments::default()
            },
            Arguments {
                first: Some(1),
                last: Some(1),
                ..Arguments::default()
            },
            Arguments {
                after: Some("???".into()),
                ..Arguments::default()
            },
        ] {
            assert!(matches!(arguments.check::<String>(&limits()), Err(Error::Input { .. })));
        }
    }
}
