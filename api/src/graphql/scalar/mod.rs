//! Scalars and enums of the schema: parsing is validating, and an enum here is mapped to the one of the leaf it comes from.

pub(super) mod access_choice;
pub(super) mod choice;
pub(super) mod date;
pub(super) mod evaluation_choice;
pub(super) mod global_id;
pub(super) mod import_choice;
pub(super) mod period;
pub(super) mod submission_choice;
pub(super) mod time;
pub(crate) mod upload;
