//! Submissions: what is handed in is seen by nobody before it is published, four eyes look at it, and nothing of it is lost.

mod api;
mod correction;
mod death;
mod desk;
mod list;
mod owed;
mod provisional;
mod publish;
mod race;
mod walk;
