//! Limits of a query.

use serde::Deserialize;

use super::fault::{ConfigError, positive};

/// Limits of a query.
#[derive(Clone, Debug)]
pub struct Graphql {
    /// Levels of nesting.
    pub max_depth: u64,
    /// Fields, each as often as its page may repeat it.
    pub max_complexity: u64,
    /// Fields under another name.
    pub max_aliases: u64,
    /// Directives.
    pub max_directives: u64,
    /// Words and signs of a text.
    pub max_tokens: u64,
    /// Bytes of all persisted queries that are kept; 0 keeps none.
    pub persisted_bytes: usize,
    /// Bytes of all answers that are kept until the data changes; 0 keeps none.
    pub kept_bytes: usize,
    /// Rows of a page by default.
    pub default_page: u64,
    /// Rows of a page at most.
    pub max_page: u64,
    /// Cells of a comparison at most.
    pub max_cells: u64,
    /// Stored figures that one search for findings may look at.
    pub max_search: u64,
    /// Rows of one table at most.
    pub max_table_rows: u64,
    /// Whether the schema may be asked for.
    pub introspection: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawGraphql {
    max_depth: u64,
    max_complexity: u64,
    max_aliases: u64,
    max_directives: u64,
    max_tokens: u64,
    persisted_bytes: usize,
    kept_bytes: usize,
    default_page: u64,
    max_page: u64,
    max_cells: u64,
    max_search: u64,
    max_table_rows: u64,
    introspection: bool,
}

impl RawGraphql {
    pub(super) fn validate(self) -> Result<Graphql, ConfigError> {
        Ok(Graphql {
            max_depth: positive("graphql.max_depth", self.max_depth)?,
            max_complexity: positive("graphql.max_complexity", self.max_complexity)?,
            max_aliases: self.max_aliases,
            max_directives: self.max_directives,
            max_tokens: positive("graphql.max_tokens", self.max_tokens)?,
            persisted_bytes: self.persisted_bytes,
            kept_bytes: self.kept_bytes,
            default_page: positive("graphql.default_page", self.default_page)?.min(self.max_page),
            max_page: positive("graphql.max_page", self.max_page)?,
            max_cells: positive("graphql.max_cells", self.max_cells)?,
            max_search: positive("graphql.max_search", self.max_search)?,
            max_table_rows: positive("graphql.max_table_rows", self.max_table_rows)?,
            introspection: self.introspection,
        })
    }
}
