//! Files as people write them: read, checked as far as a file alone can tell, and every fault reported with its place.

pub mod book;
pub mod catalog;
pub mod figures;
pub mod problem;
