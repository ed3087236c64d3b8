//! The same organisations under the tree of one month: moves are undone, and what ended or began counts with what it became or came from.
//!
//! Ordinals stay, so that one fact store serves every tree. Seen from above each organisation counts once in every period: one that no longer stands under
//! the parent that reported for it then is put under what that parent became, and where the parent is gone but followed by the organisation's own new parent it
//! stays below the old one, whose figure may hold it. Time runs both ways: a tree of an earlier month takes later organisations in alike.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::node::Link;
use super::org_tree::OrgTree;

impl OrgTree {
    /// The tree of `month` for all periods; the same one where nobody moved, ended or began.
    #[must_use]
    pub fn recast(self: &Arc<Self>, month: i32) -> Arc<Self> {
        if !self.has_moves && self.successors.is_empty() {
            return Arc::clone(self);
        }
        let mut recast = Recast {
            from: self,
            month,
            above: vec![Above::Unknown; self.len()],
        };
        Arc::new(recast.tree())
    }
}

/// What is known of the place above an organisation.
#[derive(Clone, Copy)]
enum Above {
    Unknown,
    /// It is being looked for: whoever meets this has gone in a circle.
    Sought,
    Known(Option<u32>),
}

/// Months in which an organisation stays below a parent that is gone.
struct Kept {
    parent: u32,
    from: i32,
    to: i32,
}

struct Recast<'a> {
    from: &'a Arc<OrgTree>,
    month: i32,
    above: Vec<Above>,
}

impl Recast<'_> {
    fn tree(&mut self) -> OrgTree {
        let from = self.from;
        let mut tree = OrgTree {
            places: from.places.clone(),
            ordinals: from.ordinals.clone(),
            children: vec![Vec::new(); from.len()],
            parents: vec![Vec::new(); from.len()],
            successors: from.successors.clone(),
            predecessors: from.predecessors.clone(),
            reported: Some(Arc::clone(from)),
            ..OrgTree::default()
        };
        for org in (0u32..).take(from.len()) {
            let heir = self.heir(org);
            if heir != org {
                tree.heirs.insert(org, heir);
            }
            self.place(org, &mut tree);
        }
        tree.settle();
        self.stretch(&mut tree);
        begin(&mut tree);
        tree
    }

    /// Links `org` for all months.
    fn place(&mut self, org: u32, tree: &mut OrgTree) {
        let above = self.above(org);
        let mut kept = self.kept(org);
        kept.sort_by_key(|kept| kept.from);
        let mut next = Some(i32::MIN);
        for Kept { parent, from, to } in kept {
            let Some(first) = next.filter(|first| *first <= from) else {
                continue;
            };
            if let Some(above) = above.filter(|_| first < from) {
                tree.join(org, above, (first, from - 1));
            }
            tree.join(org, parent, (from, to));
            next = to.checked_add(1);
            // What stands between the organisation and the place of the old parent does not see that parent.
            let seeing = self.above(parent).map_or_else(Vec::new, |place| self.line(place));
            let blind = above.map_or_else(Vec::new, |above| self.line(above));
            for place in blind.into_iter().take_while(|place| !seeing.contains(place)) {
                let (from_month, to_month) = (from, to);
                tree.asides.entry(place).or_default().push(Link {
                    to: org,
                    from_month,
                    to_month,
                });
            }
        }
        if let Some((above, first)) = above.zip(next) {
            tree.join(org, above, (first, i32::MAX));
        }
    }

    /// The months in which `org` stays below a parent that is gone: the parent became what `org` stands under now.
    fn kept(&mut self, org: u32) -> Vec<Kept> {
        let from = self.from;
        let (above, own) = (self.above(org), &from.places[org as usize]);
        let mut kept = Vec::new();
        for link in &from.parents[org as usize] {
            let parent = &from.places[link.to as usize];
            let first = link.from_month.max(own.from_month).max(parent.from_month);
            let last = link.to_month.min(own.to_month).min(parent.to_month);
            if Some(link.to) == above || parent.exists_at(self.month) || first > last {
                continue;
            }
            let became = self.reached(link.to);
            let heads: Vec<u32> = self
                .reached(org)
                .into_iter()
                .filter(|org| self.is_there(*org))
                .collect();
            let mut above_heads = heads.iter().map(|head| self.above(*head));
            if !heads.is_empty() && above_heads.all(|above| above.is_some_and(|above| became.contains(&above))) {
                kept.push(Kept {
                    parent: link.to,
                    from: first,
                    to: last,
                });
            }
        }
        kept
    }

    fn is_there(&self, org: u32) -> bool {
        self.from.places[org as usize].exists_at(self.month)
    }

    /// What `org` became by the month, or came from after it; nothing for one that is there.
    fn next(&self, org: u32) -> &[u32] {
        let place = &self.from.places[org as usize];
        let way = if place.to_month < self.month {
            &self.from.successors
        } else if place.from_month > self.month {
            &self.from.predecessors
        } else {
            return &[];
        };
        way.get(&org).map_or(&[], Vec::as_slice)
    }

    /// `org` and everything that [`Self::next`] leads to.
    fn reached(&self, org: u32) -> HashSet<u32> {
        let mut seen = HashSet::new();
        let mut open = vec![org];
        while let Some(org) = open.pop() {
            if seen.insert(org) {
                open.extend(self.next(org));
            }
        }
        seen
    }

    /// The one organisation that `org` became part of.
    fn heir(&self, org: u32) -> u32 {
        let (mut heir, mut seen) = (org, HashSet::from([org]));
        while let [next] = self.next(heir) {
            if !seen.insert(*next) {
                break;
            }
            heir = *next;
        }
        heir
    }

    /// What `org` stands under: of one that is gone, what it became part of, or what all its pieces stand under, or its last parent.
    fn above(&mut self, org: u32) -> Option<u32> {
        match self.above[org as usize] {
            Above::Known(above) => return above,
            Above::Sought => return None,
            Above::Unknown => self.above[org as usize] = Above::Sought,
        }
        let found = match self.next(org).to_vec().as_slice() {
            [] => self.parent(org),
            [one] => Some(*one),
            pieces => self.common(pieces).or_else(|| self.parent(org)),
        };
        self.above[org as usize] = Above::Known(found);
        found
    }

    /// The parent as reported in the month, or in the month of `org`'s existence that is nearest.
    fn parent(&self, org: u32) -> Option<u32> {
        let (place, links) = (&self.from.places[org as usize], &self.from.parents[org as usize]);
        let month = self.month.clamp(place.from_month, place.to_month.max(place.from_month));
        let there = links.iter().find(|link| link.holds_at(month));
        let nearest = || {
            let distance = |link: &&Link| {
                let nearest = month.clamp(link.from_month, link.to_month.max(link.from_month));
                nearest.abs_diff(month)
            };
            links.iter().min_by_key(distance).filter(|_| month != self.month)
        };
        there.or_else(nearest).map(|link| link.to)
    }

    /// `org` and everything above it.
    fn line(&mut self, org: u32) -> Vec<u32> {
        let mut line = vec![org];
        let mut at = org;
        while let Some(above) = self.above(at).filter(|above| !line.contains(above)) {
            line.push(above);
            at = above;
        }
        line
    }

    /// The lowest that all of `pieces` are or stand under.
    fn common(&mut self, pieces: &[u32]) -> Option<u32> {
        let lines: Vec<Vec<u32>> = pieces.iter().map(|piece| self.line(*piece)).collect();
        let (first, others) = lines.split_first()?;
        first
            .iter()
            .copied()
            .find(|place| others.iter().all(|line| line.contains(place)))
    }

    /// Lets every organisation count for as long as something that was put below it.
    fn stretch(&self, tree: &mut OrgTree) {
        let mut done = vec![false; tree.len()];
        for org in (0u32..).take(tree.len()) {
            let mut stack = vec![(org, false)];
            while let Some((org, children_done)) = stack.pop() {
                if children_done {
                    let (from, to) = self.span(tree, org);
                    let place = &mut tree.places[org as usize];
                    (place.from_month, place.to_month) = (from, to);
                } else if !std::mem::replace(&mut done[org as usize], true) {
                    stack.push((org, true));
                    stack.extend(tree.children[org as usize].iter().map(|link| (link.to, false)));
                }
            }
        }
    }

    fn span(&self, tree: &OrgTree, org: u32) -> (i32, i32) {
        let own = &tree.places[org as usize];
        let mut span = (own.from_month, own.to_month);
        for link in &tree.children[org as usize] {
            // What always was reported there needs nothing.
            let as_reported = |links: &[Link]| matches!(links, [only] if only.to == org && (only.from_month, only.to_month) == (i32::MIN, i32::MAX));
            if as_reported(&self.from.parents[link.to as usize]) {
                continue;
            }
            let child = &tree.places[link.to as usize];
            let (first, last) = (link.from_month.max(child.from_month), link.to_month.min(child.to_month));
            if first <= last {
                span = (span.0.min(first), span.1.max(last));
            }
        }
        span
    }
}

/// The month before which a succession explains a hole: of one that came from pieces of another, together with all that became part of it.
fn begin(tree: &mut OrgTree) {
    let Some(reported) = tree.reported.clone() else { return };
    let mut begun: HashMap<u32, (i32, bool)> = HashMap::new();
    for org in (0u32..).take(tree.len()) {
        let heir = tree.heir(org);
        let predecessors = tree.predecessors.get(&org).into_iter().flatten();
        let is_piece = predecessors.into_iter().any(|before| tree.heir(*before) != heir);
        let from = reported.places[org as usize].from_month;
        let entry = begun.entry(heir).or_insert((i32::MAX, false));
        *entry = (entry.0.min(from), entry.1 || is_piece);
    }
    for (org, place) in (0u32..).zip(&mut tree.places) {
        let holds = |before: &u32| tree.parents[*before as usize].iter().any(|link| link.to == org);
        let told = match begun.get(&org) {
            Some((first, is_piece)) => is_piece.then_some(*first),
            // One that became part of another has begun as reported, unless what was before it counts with it.
            None => place.begun.filter(|_| !tree.predecessors[&org].iter().any(holds)),
        };
        place.begun = told;
    }
}
