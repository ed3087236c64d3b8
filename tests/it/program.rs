//! The program that the suite starts.

use tests::program::Program;

/// A call of `plumbline` as the code stands now.
pub(crate) fn plumbline<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Program {
    Program::new(env!("CARGO_BIN_EXE_plumbline-under-test")).args(arguments)
}
