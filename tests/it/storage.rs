//! What the database itself guarantees, whatever the program does: closed lists, values that fit their status, history
//! that stays, one writer at a time, readers that see one state.

mod history;
mod page;
mod row;
mod rule;
mod writer;
