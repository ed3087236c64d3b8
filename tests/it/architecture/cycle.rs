//! Rule: no circle between the files of one crate.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::report::{Breach, hold};
use super::source::{Source, workspace};
use super::tree::{Arrows, Module, Tree, trees};

#[test]
fn no_two_files_of_a_crate_need_each_other() {
    hold(
        "inside a crate, needs never run in a circle",
        "move what both need into a file below them, or hand the value in as an argument; a parent that uses a child must \
         not be used by it; a table that is pointed at does not point back",
        &circles(&workspace()),
    );
}

/// One breach for each knot, told by a shortest way around.
fn circles(sources: &[Source]) -> Vec<Breach> {
    trees(sources).values().flat_map(knots).collect()
}

fn knots(tree: &Tree) -> Vec<Breach> {
    let arrows = tree.arrows();
    let reach: BTreeMap<&Module, BTreeSet<&Module>> =
        arrows.keys().map(|from| (from, reachable(&arrows, from))).collect();
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for (from, reached) in &reach {
        if reached.contains(*from) && !told.contains(*from) {
            let comes_back = |module: &&Module| reach.get(module).is_some_and(|back| back.contains(from));
            let knot: Vec<&Module> = reached.iter().copied().filter(comes_back).collect();
            found.push(tell(tree, &arrows, &way_around(&arrows, from), knot.len()));
            told.extend(knot);
        }
    }
    found
}

fn reachable<'a>(arrows: &'a Arrows, from: &Module) -> BTreeSet<&'a Module> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<&Module> = arrows[from].keys().collect();
    while let Some(module) = open.pop() {
        if seen.insert(module) {
            open.extend(arrows.get(module).into_iter().flat_map(BTreeMap::keys));
        }
    }
    seen
}

/// The shortest way from a file back to itself, both ends named.
fn way_around(arrows: &Arrows, from: &Module) -> Vec<Module> {
    let mut open = VecDeque::from([vec![from.clone()]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = open.pop_front() {
        for next in arrows.get(&way[way.len() - 1]).into_iter().flat_map(BTreeMap::keys) {
            let longer = [way.as_slice(), std::slice::from_ref(next)].concat();
            if next == from {
                return longer;
            }
            if seen.insert(next) {
                open.push_back(longer);
            }
        }
    }
    Vec::new()
}

fn tell(tree: &Tree, arrows: &Arrows, way: &[Module], size: usize) -> Breach {
    let steps: Vec<String> = way
        .windows(2)
        .map(|step| {
            format!(
                "{}:{} needs {}",
                tree.units[&step[0]].file, arrows[&step[0]][&step[1]], tree.units[&step[1]].file
            )
        })
        .collect();
    let first = &way[0];
    let line = arrows[first][&way[1]];
    Breach::new(
        &tree.units[first].file,
        line,
        format!("a knot of {size} files: {}", steps.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::super::source::place_all;
    use super::circles;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        circles(&place_all(files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn two_files_that_need_each_other_are_reported() {
        let found = found(&[
            ("entity/src/lib.rs", "mod a; mod b;"),
            ("entity/src/a.rs", "use crate::b::B;"),
            ("entity/src/b.rs", "\n\nfn f() { super::a::run(); }"),
        ]);
        assert_eq!(
            found,
            [
                "entity/src/a.rs:1: a knot of 2 files: entity/src/a.rs:1 needs entity/src/b.rs, entity/src/b.rs:3 needs entity/src/a.rs"
            ]
        );
    }

    #[test]
    fn a_circle_through_the_parents_re_export_is_reported() {
        let found = found(&[
            ("api/src/noun/mod.rs", "mod a; mod b; pub use a::A; pub use b::B;"),
            ("api/src/noun/a.rs", "pub struct A; fn f(b: super::B) {}"),
            ("api/src/noun/b.rs", "use super::*; pub struct B; fn f(a: A) {}"),
        ]);
        assert_eq!(found.len(), 1, "{found:?}");
    }

    #[test]
    fn a_parent_that_uses_its_child_must_not_be_used_by_it() {
        let child = ("api/src/a/child.rs", "use super::LIMIT; pub fn run() {}");
        assert_eq!(
            found(&[
                (
                    "api/src/a/mod.rs",
                    "mod child; pub const LIMIT: u8 = 1; pub use child::run;"
                ),
                child
            ])
            .len(),
            0
        );
        let user = "mod child; pub const LIMIT: u8 = 1; pub fn all() { child::run() }";
        assert_eq!(found(&[("api/src/a/mod.rs", user), child]).len(), 1);
    }

    #[test]
    fn three_around_a_corner_are_one_knot_and_tests_do_not_count() {
        let around = [
            ("api/src/a.rs", "use crate::b::y;"),
            ("api/src/b.rs", "use crate::c::z;"),
            ("api/src/c.rs", "fn f() { vec![crate::a::x()]; }"),
        ];
        let found_around = found(&around);
        assert_eq!(found_around.len(), 1);
        assert!(found_around[0].contains("a knot of 3 files"), "{found_around:?}");
        let proof = "#[cfg(test)] mod tests { use crate::a::x; }";
        assert_eq!(found(&[around[0], around[1], ("api/src/c.rs", proof)]).len(), 0);
    }
}
