//! A disk without room: there is no backup then, and nothing that looks like one.

use tests::db::{Holding, TestDb};
use tests::program::Program;

use super::place;

#[test]
fn a_full_disk_leaves_no_backup() {
    let db = TestDb::sqlite(Holding::Figures);
    let (folder, file) = place();
    // No file of this process may grow beyond 33 KiB, which SQLite needs beside its file; without the trap the system would end it in place of an error.
    let script = "trap '' XFSZ; ulimit -f 66; exec \"$0\" \"$@\"";
    let said = Program::new("/bin/sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_plumbline-under-test"), "backup"])
        .args([file.to_str().unwrap(), "--database-url", db.url()])
        .run();
    assert_eq!(said.code(), Some(1), "{said:#?}");
    assert!(said.err.contains("the file cannot be written"), "{said:#?}");
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}
