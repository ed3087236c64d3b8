//! Organisations: parents that exist, one at a time, and never in a circle.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use strum::{Display, EnumIter, EnumString};

use super::rule::{known, month, one_of};
use crate::intake::catalog::entry::{Catalog, Org, Placed};
use crate::intake::problem::Problem;

/// The levels an organisation can have.
#[derive(Clone, Copy, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
enum Level {
    Province,
    City,
    District,
    Street,
    Community,
    Department,
}

/// A parent for some months, both included.
struct Link<'a> {
    parent: &'a str,
    from: i32,
    to: i32,
}

pub(super) fn check(catalog: &Catalog, problems: &mut Vec<Problem>) {
    let defined: HashMap<&str, &Org> = catalog
        .orgs
        .iter()
        .map(|placed| (placed.entry.code.get_ref().as_str(), &placed.entry))
        .collect();
    let mut links: HashMap<&str, Vec<Link<'_>>> = HashMap::new();
    for placed in &catalog.orgs {
        let org = &placed.entry;
        let _ = one_of::<_, Level>(placed, "level", &org.level, problems);
        let (from, to) = (
            month(placed, "from", org.from.as_ref(), problems),
            month(placed, "to", org.to.as_ref(), problems),
        );
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            problems.push(placed.problem(
                org.to.as_ref().unwrap_or(&org.code).span(),
                "to",
                "it ends before it begins",
                "write the first month as `from`, the last as `to`",
            ));
        }
        let parents = parents(placed, &defined, problems);
        overlaps(placed, &parents, problems);
        links.insert(org.code.get_ref(), parents);
    }
    for placed in &catalog.orgs {
        circle(placed, &links, problems);
    }
}

fn parents<'a>(
    placed: &'a Placed<Org>,
    defined: &HashMap<&str, &'a Org>,
    problems: &mut Vec<Problem>,
) -> Vec<Link<'a>> {
    let org = &placed.entry;
    if let (Some(parent), false) = (&org.parent, org.parents.is_empty()) {
        problems.push(placed.problem(
            parent.span(),
            "parent",
            "`parent` and `parents` are both given",
            "keep one of them",
        ));
    }
    let mut links = Vec::new();
    if let Some(parent) = &org.parent {
        let _ = known(placed, "parent", parent, defined, problems);
        links.push(Link {
            parent: parent.get_ref(),
            from: i32::MIN,
            to: i32::MAX,
        });
    }
    for parent in &org.parents {
        let _ = known(placed, "parents", &parent.org, defined, problems);
        let from = month(placed, "from", parent.from.as_ref(), problems).unwrap_or(i32::MIN);
        let to = month(placed, "to", parent.to.as_ref(), problems).unwrap_or(i32::MAX);
        if to < from {
            problems.push(placed.problem(
                parent.org.span(),
                "parents",
                "the parent ends before it begins",
                "write the first month as `from`, the last as `to`",
            ));
        }
        links.push(Link {
            parent: parent.org.get_ref(),
            from,
            to,
        });
    }
    links
}

/// Where an entry names its parents.
fn parent_span(org: &Org) -> Range<usize> {
    let in_time = org.parents.last().map(|parent| &parent.org);
    in_time.or(org.parent.as_ref()).unwrap_or(&org.code).span()
}

/// One parent at a time.
fn overlaps(placed: &Placed<Org>, parents: &[Link<'_>], problems: &mut Vec<Problem>) {
    let clash = parents.iter().enumerate().any(|(index, one)| {
        parents
            .iter()
            .skip(index + 1)
            .any(|other| one.from <= other.to && other.from <= one.to)
    });
    if clash {
        let message = format!("`{}` has two parents at the same time", placed.entry.code.get_ref());
        problems.push(placed.problem(
            parent_span(&placed.entry),
            "parents",
            message,
            "let one end in the month before the next begins",
        ));
    }
}

/// Whether an organisation is above itself in any month in which a parent begins.
fn circle(placed: &Placed<Org>, links: &HashMap<&str, Vec<Link<'_>>>, problems: &mut Vec<Problem>) {
    let start = placed.entry.code.get_ref().as_str();
    let months: HashSet<i32> = links.values().flatten().map(|link| link.from).collect();
    for month in months {
        let mut path = vec![start];
        let mut seen = HashSet::from([start]);
        let mut at = start;
        while let Some(link) = links
            .get(at)
            .and_then(|links| links.iter().find(|link| link.from <= month && month <= link.to))
        {
            path.push(link.parent);
            if link.parent == start {
                let message = format!("the parents form a circle: {}", path.join(" → "));
                problems.push(placed.problem(
                    parent_span(&placed.entry),
                    "parent",
                    message,
                    "give one of them a parent outside the circle, or none",
                ));
                return;
            }
            if !seen.insert(link.parent) {
                break;
            }
            at = link.parent;
        }
    }
}
