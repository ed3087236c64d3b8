//! An evaluation as its files read it: nodes in groups, organisations by place, and the differences from a year earlier, in one place for all files.

use rust_decimal::Decimal;

use super::report::{Evaluation, Mark, NodeLabel, NodeResult, Standing, UnitResult};

const ADJUSTMENTS: [&str; 3] = ["BONUS", "PENALTY", "VETO"];

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Dimension,
    Criterion,
    Adjustment,
}

impl Level {
    pub(super) fn of(node: &NodeLabel) -> Self {
        match node.rule.as_deref() {
            None => Self::Dimension,
            Some(rule) if ADJUSTMENTS.contains(&rule) => Self::Adjustment,
            Some(_) => Self::Criterion,
        }
    }

    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Dimension => "dimension",
            Self::Criterion => "criterion",
            Self::Adjustment => "adjustment",
        }
    }
}

/// The leaves that stand on one sheet together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Place of the dimension; none for criteria without one and for adjustments.
    pub(super) dimension: Option<usize>,
    /// Its name.
    pub(super) name: String,
    /// Places of the leaves.
    pub(super) leaves: Vec<usize>,
}

/// The top dimensions with their leaves, then criteria without a dimension, then adjustments.
pub(super) fn groups(evaluation: &Evaluation) -> Vec<Group> {
    let nodes = &evaluation.nodes;
    let mut groups: Vec<Group> = Vec::new();
    let (mut loose, mut beside) = (Vec::new(), Vec::new());
    for (place, node) in nodes.iter().enumerate() {
        let top = top(nodes, place);
        match Level::of(node) {
            Level::Dimension if top == place => groups.push(Group {
                dimension: Some(place),
                name: node.name.zh.clone(),
                leaves: Vec::new(),
            }),
            Level::Dimension => {}
            Level::Adjustment => beside.push(place),
            Level::Criterion => match groups.iter_mut().find(|group| group.dimension == Some(top)) {
                Some(group) => group.leaves.push(place),
                None => loose.push(place),
            },
        }
    }
    for (name, leaves) in [("其他指标", loose), ("加减分与否决", beside)] {
        if !leaves.is_empty() {
            groups.push(Group {
                dimension: None,
                name: name.to_owned(),
                leaves,
            });
        }
    }
    groups
}

/// The ancestor without a parent. Parents stand before their children, so that a step never comes back.
fn top(nodes: &[NodeLabel], place: usize) -> usize {
    let mut at = place;
    while let Some(parent) = nodes.get(at).and_then(|node| node.parent.as_deref()) {
        match nodes.iter().take(at).position(|node| node.code == parent) {
            Some(found) => at = found,
            None => break,
        }
    }
    at
}

/// The organisations of one track, those with a place first, in their order.
pub(super) struct Field<'a> {
    /// Name of the track.
    pub(super) track: &'a str,
    /// Places of the organisations.
    pub(super) units: Vec<usize>,
}

/// The tracks with organisations, in the framework's order.
pub(super) fn fields(evaluation: &Evaluation) -> Vec<Field<'_>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    let codes = evaluation.framework.tracks.iter().map(|track| track.code.as_str());
    let mut known: Vec<&str> = codes.collect();
    for unit in &evaluation.units {
        if !known.contains(&unit.track.as_str()) {
            known.push(&unit.track);
        }
    }
    for code in known {
        let mut units: Vec<usize> = (0..evaluation.units.len())
            .filter(|place| evaluation.units.get(*place).is_some_and(|unit| unit.track == code))
            .collect();
        units.sort_by_key(|place| {
            let rank = evaluation.units.get(*place).and_then(|unit| unit.now.rank);
            (rank.is_none(), rank)
        });
        if !units.is_empty() {
            fields.push(Field {
                track: track(evaluation, code),
                units,
            });
        }
    }
    fields
}

/// The name of a track.
pub(super) fn track<'a>(evaluation: &'a Evaluation, code: &'a str) -> &'a str {
    let found = evaluation.framework.tracks.iter().find(|track| track.code == code);
    found.map_or(code, |track| &track.name.zh)
}

/// The name of the grade; empty without one.
pub(super) fn grade<'a>(evaluation: &'a Evaluation, standing: &'a Standing) -> &'a str {
    let Some(code) = standing.grade.as_deref() else {
        return "";
    };
    let found = evaluation.framework.grades.iter().find(|grade| grade.code == code);
    found.map_or(code, |grade| &grade.name.zh)
}

/// The name of a node; its code where it has none.
pub(super) fn name(node: &NodeLabel) -> &str {
    if node.name.zh.is_empty() {
        &node.code
    } else {
        &node.name.zh
    }
}

/// A node with its name by code.
pub(super) fn named<'a>(evaluation: &'a Evaluation, code: &'a str) -> &'a str {
    let found = evaluation.nodes.iter().find(|node| node.code == code);
    found.map_or(code, name)
}

/// The exact difference.
pub(super) fn difference(now: Option<Decimal>, before: Option<Decimal>) -> Option<Decimal> {
    now?.checked_sub(before?)
}

/// How far the published total is from that of a year earlier.
pub(super) fn published_change(unit: &UnitResult) -> Option<Decimal> {
    let before = unit.previous.as_ref()?;
    difference(unit.now.published, before.published)
}

/// How far the points of a node are from those of a year earlier.
pub(super) fn node_change(node: &NodeResult) -> Option<Decimal> {
    let before = node.previous.as_ref()?;
    difference(node.points, before.points)
}

/// The last mark of a stage.
pub(super) fn mark<'a>(node: &'a NodeResult, stage: &str) -> Option<&'a Mark> {
    node.marks.iter().rev().find(|mark| mark.stage == stage)
}

/// The flags of all values of an organisation, each once, in the order they come.
pub(super) fn flags(unit: &UnitResult) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for flag in unit.nodes.iter().flat_map(|node| &node.known.flags) {
        if !found.contains(&flag.as_str()) {
            found.push(flag);
        }
    }
    found
}

/// What a reader must know of an organisation's total, Chinese: what is missing, what is a veto.
pub(super) fn remarks(evaluation: &Evaluation, unit: &UnitResult) -> Vec<String> {
    let count = |code: &str| {
        let has = |node: &&NodeResult| node.outcome.as_deref() == Some(code);
        unit.nodes.iter().filter(has).count()
    };
    let mut found = Vec::new();
    for (code, words) in [
        ("MISSING_ZERO", "未报计0分"),
        ("MISSING_REWEIGHTED", "未报不计"),
        ("MISSING_BLOCKED", "未报待补"),
        ("PRIOR_YEAR", "沿用上年"),
        ("NOT_APPLICABLE", "不适用"),
    ] {
        let number = count(code);
        if number > 0 {
            found.push(format!("{words}{number}项"));
        }
    }
    for veto in &unit.now.vetoes {
        found.push(format!("一票否决：{}", named(evaluation, veto)));
    }
    found
}
