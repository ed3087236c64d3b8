//! `plumbline schema`

use crate::config::Graphql;
use crate::graphql;

pub(super) fn run() {
    // Limits do not show in the schema.
    let limits = Graphql {
        max_depth: 1,
        max_complexity: 1,
        max_aliases: 1,
        max_directives: 0,
        max_tokens: 0,
        persisted_bytes: 0,
        kept_bytes: 0,
        default_page: 1,
        max_page: 1,
        max_cells: 1,
        max_search: 1,
        max_table_rows: 1,
        introspection: true,
    };
    print!("{}", graphql::sdl(&graphql::schema(&limits)));
}
