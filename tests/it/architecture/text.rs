//! Rule: the repository names no path of one machine and no package registry's host.

use std::fs;
use std::process::Command;

use super::report::{Breach, hold};
use super::source::root;

/// Absolute folders of one machine. Written in halves, so that this file does not report itself.
const FOLDERS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/")];

/// Hosts that serve packages; a mirror or another registry would be named beside them.
const HOSTS: &[&str] = &[
    concat!("crates", ".io/api"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("registry.", "npmjs.org"),
    concat!("files.", "pythonhosted.org"),
    concat!("pypi", ".org/simple"),
    concat!("deb.", "debian.org"),
    concat!("archive.", "ubuntu.com"),
    concat!("proxy.", "golang.org"),
];

/// Written by cargo, which names its registry in each line.
const FREE: &[&str] = &["Cargo.lock"];

#[test]
fn tracked_text_names_no_machine_and_no_registry() {
    let root = root();
    if !root.join(".git").exists() {
        return;
    }
    // Files that are not yet added count as well; ignored ones do not.
    let listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").arg("-C").arg(&root).args(listing).output().unwrap();
    assert!(
        output.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names = String::from_utf8(output.stdout).unwrap();
    let mut found = Vec::new();
    for name in names
        .split('\0')
        .filter(|name| !name.is_empty() && !FREE.contains(name))
    {
        if let Ok(text) = fs::read_to_string(root.join(name)) {
            found.extend(strange_text(name, &text));
        }
    }
    hold(
        "no path of this machine and no registry's host in tracked text",
        "write the path from the root of the repository, take it from the environment, or leave the host to the tool's own settings",
        &found,
    );
}

fn strange_text(file: &str, text: &str) -> Vec<Breach> {
    let mut found = Vec::new();
    for (line, content) in text.lines().enumerate() {
        let folders = FOLDERS.iter().filter(|folder| names_folder(content, folder));
        let hosts = HOSTS.iter().filter(|host| content.contains(**host));
        found.extend(
            folders
                .chain(hosts)
                .map(|what| Breach::new(file, line + 1, format!("names `{what}`"))),
        );
    }
    found
}

/// Whether the folder begins an absolute path, not the middle of a longer path or address.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && !"._-/~*{}$)".contains(c))
    })
}

#[test]
fn strange_text_is_reported_and_longer_paths_are_not() {
    let (folder, other, host) = (FOLDERS[0], FOLDERS[1], HOSTS[0]);
    let text = format!(
        "see {folder}main
https://example.org{folder}page and src{folder}mod.rs and $HOME{other}x
path = \"{other}x\"
curl https://{host}/v1
https://crates.io/crates/poem"
    );
    let lines: Vec<usize> = strange_text("a.md", &text).iter().map(|breach| breach.line).collect();
    assert_eq!(lines, [1, 3, 4]);
}
