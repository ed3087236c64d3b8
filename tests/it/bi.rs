//! What other tools read: the views of the database, the guides' own lines.

mod guide;
mod sql;
mod view;
