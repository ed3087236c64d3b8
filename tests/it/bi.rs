//! What other tools read: the views of the database, the guides' own lines.

mod sql;
mod view;
