//! Files that leave: workbooks that go back to streets, and figures for other programs.

pub mod annotated;
