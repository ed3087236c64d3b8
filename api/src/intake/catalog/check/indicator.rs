//! Indicators: rules that fit their kind, parts that exist, units that go together, formulas that can be computed.

use std::collections::{HashMap, HashSet};

use analytics::formula::{Formula, FormulaError, Quantity};
use analytics::indicator::{IndicatorKind, OverOrgs, OverTime, Polarity};
use rust_decimal::Decimal;
use strum::{Display, EnumIter, EnumString};
use toml::Spanned;

use super::rule::{known, one_of};
use crate::intake::catalog::entry::{Catalog, Indicator, Placed, Unit};
use crate::intake::problem::Problem;

/// Which of a parent's own figure and its parts' sum is the value.
#[derive(Clone, Copy, Display, EnumIter, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
enum Total {
    Reported,
    Summed,
}

/// The quantity of shares.
const RATIO: &str = "ratio";

/// What the codes of a catalogue stand for.
struct Names<'a> {
    units: HashMap<&'a str, &'a Unit>,
    themes: HashMap<&'a str, &'a Spanned<String>>,
    indicators: HashMap<&'a str, &'a Indicator>,
}

impl<'a> Names<'a> {
    fn quantity(&self, indicator: &Indicator) -> Option<&'a str> {
        self.units
            .get(indicator.unit.get_ref().as_str())
            .map(|unit| unit.quantity.as_str())
    }
}

pub(super) fn check(catalog: &Catalog, problems: &mut Vec<Problem>) {
    let names = Names {
        units: catalog
            .units
            .iter()
            .map(|placed| (placed.entry.code.get_ref().as_str(), &placed.entry))
            .collect(),
        themes: catalog
            .themes
            .iter()
            .map(|placed| (placed.entry.code.get_ref().as_str(), &placed.entry.code))
            .collect(),
        indicators: catalog
            .indicators
            .iter()
            .map(|placed| (placed.entry.code.get_ref().as_str(), &placed.entry))
            .collect(),
    };
    for placed in &catalog.indicators {
        rules(placed, problems);
        let _ = known(placed, "theme", &placed.entry.theme, &names.themes, problems);
        units(placed, &names, problems);
        parts(placed, &names, problems);
        formula(placed, &names, problems);
        range(placed, problems);
        versions(placed, problems);
        circle(placed, &names, problems);
    }
}

/// Names of closed lists, and rules that fit the kind.
fn rules(placed: &Placed<Indicator>, problems: &mut Vec<Problem>) {
    let entry = &placed.entry;
    let kind = one_of::<_, IndicatorKind>(placed, "kind", &entry.kind, problems);
    let over_orgs = one_of::<_, OverOrgs>(placed, "over_orgs", &entry.over_orgs, problems);
    let _ = one_of::<_, OverTime>(placed, "over_time", &entry.over_time, problems);
    let _ = one_of::<_, Polarity>(placed, "polarity", &entry.polarity, problems);
    if let Some(total) = &entry.total {
        let _ = one_of::<_, Total>(placed, "total", total, problems);
    }
    if let (Some(kind), Some(over_orgs)) = (kind, over_orgs)
        && (kind == IndicatorKind::Ratio) != (over_orgs == OverOrgs::RatioOfSums)
        && !(kind == IndicatorKind::Ratio && over_orgs == OverOrgs::None)
    {
        let hint = "a RATIO takes RATIO_OF_SUMS (or NONE), and no other kind does";
        problems.push(placed.problem(
            entry.over_orgs.span(),
            "over_orgs",
            format!("{over_orgs} does not fit a {kind}"),
            hint,
        ));
    }
    if let (Some(IndicatorKind::Derived), Some(rule @ (OverOrgs::Mean | OverOrgs::Max))) = (kind, over_orgs) {
        problems.push(placed.problem(
            entry.over_orgs.span(),
            "over_orgs",
            format!("{rule} does not fit a DERIVED"),
            "a formula is evaluated over what its inputs give together: write SUM, or NONE",
        ));
    }
    if !(0..=6).contains(entry.decimals.get_ref()) {
        problems.push(placed.problem(
            entry.decimals.span(),
            "decimals",
            "the number of decimals is out of range",
            "write 0 to 6",
        ));
    }
}

fn units(placed: &Placed<Indicator>, names: &Names<'_>, problems: &mut Vec<Problem>) {
    let entry = &placed.entry;
    let Some(unit) = known(placed, "unit", &entry.unit, &names.units, problems) else {
        return;
    };
    let is_ratio = entry.kind.get_ref() == "RATIO";
    if is_ratio && unit.quantity != RATIO {
        let message = format!(
            "a RATIO cannot be kept in `{}`, a unit of {}",
            entry.unit.get_ref(),
            unit.quantity
        );
        problems.push(placed.problem(
            entry.unit.span(),
            "unit",
            message,
            "take a unit of the quantity `ratio`, as percent",
        ));
    }
    if unit.quantity != RATIO
        && unit
            .scale
            .get_ref()
            .parse::<Decimal>()
            .is_ok_and(|scale| scale != Decimal::ONE)
    {
        let message = format!("`{}` is not a base unit", entry.unit.get_ref());
        problems.push(placed.problem(
            entry.unit.span(),
            "unit",
            message,
            "keep it in the unit of scale 1 and name this one as display_unit",
        ));
    }
    if let Some(display) = &entry.display_unit
        && let Some(shown) = known(placed, "display_unit", display, &names.units, problems)
        && shown.quantity != unit.quantity
    {
        let message = format!(
            "it is kept in {} and cannot be read in {}",
            unit.quantity, shown.quantity
        );
        problems.push(placed.problem(
            display.span(),
            "display_unit",
            message,
            "take a unit of the same quantity",
        ));
    }
}

/// A ratio has its two parts, of one quantity; nothing else has parts.
fn parts(placed: &Placed<Indicator>, names: &Names<'_>, problems: &mut Vec<Problem>) {
    let entry = &placed.entry;
    let is_ratio = entry.kind.get_ref() == "RATIO";
    let given = [("numerator", &entry.numerator), ("denominator", &entry.denominator)];
    for (key, part) in given {
        match part {
            None if is_ratio => {
                problems.push(placed.problem(
                    entry.code.span(),
                    key,
                    format!("the ratio has no {key}"),
                    "name the indicator that counts it",
                ));
            }
            Some(part) if !is_ratio => {
                problems.push(placed.problem(
                    part.span(),
                    key,
                    format!("a {} has no {key}", entry.kind.get_ref()),
                    "remove it or make the kind RATIO",
                ));
            }
            _ => {}
        }
    }
    let mut quantities = Vec::new();
    for (key, part) in given {
        let Some(part) = part else { continue };
        if let Some(indicator) = known(placed, key, part, &names.indicators, problems) {
            quantities.extend(names.quantity(indicator));
            if indicator.kind.get_ref() == "DERIVED" {
                problems.push(placed.problem(
                    part.span(),
                    key,
                    format!("`{}` is DERIVED and has no figures of its own", part.get_ref()),
                    "name an indicator that is reported, or write the ratio as a formula of a DERIVED",
                ));
            }
        }
    }
    if let [above, below] = quantities[..]
        && above != below
    {
        let message = format!("{above} over {below} is not a share");
        problems.push(placed.problem(
            entry.numerator.as_ref().unwrap_or(&entry.code).span(),
            "numerator",
            message,
            "divide indicators of one quantity",
        ));
    }
}

fn formula(placed: &Placed<Indicator>, names: &Names<'_>, problems: &mut Vec<Problem>) {
    let entry = &placed.entry;
    let is_derived = entry.kind.get_ref() == "DERIVED";
    let Some(text) = &entry.formula else {
        if is_derived {
            problems.push(placed.problem(
                entry.code.span(),
                "formula",
                "a DERIVED indicator has no formula",
                "write one over indicator codes",
            ));
        }
        return;
    };
    if !is_derived {
        let message = format!("a {} has no formula", entry.kind.get_ref());
        return problems.push(placed.problem(text.span(), "formula", message, "remove it or make the kind DERIVED"));
    }
    let mut fault = |error: FormulaError| {
        problems.push(placed.problem(text.span(), "formula", error.to_string(), "see catalog/README.md"))
    };
    let formula: Formula = match text.get_ref().parse() {
        Ok(formula) => formula,
        Err(error) => return fault(error),
    };
    let mut quantities = Vec::new();
    for code in formula.variables() {
        let code = Spanned::new(text.span(), code.to_owned());
        let Some(indicator) = known(placed, "formula", &code, &names.indicators, problems) else {
            return;
        };
        let Some(quantity) = names.quantity(indicator) else {
            return;
        };
        quantities.push(if quantity == RATIO {
            Quantity::Pure
        } else {
            Quantity::Named(quantity.to_owned())
        });
    }
    let own = names.quantity(entry).map(|quantity| {
        if quantity == RATIO {
            Quantity::Pure
        } else {
            Quantity::Named(quantity.to_owned())
        }
    });
    match formula.quantity(&quantities) {
        Err(error) => problems.push(placed.problem(text.span(), "formula", error.to_string(), "see catalog/README.md")),
        Ok(result) if own.as_ref().is_some_and(|own| *own != result) => {
            let message = format!(
                "the formula gives {result}, the unit `{}` does not",
                entry.unit.get_ref()
            );
            problems.push(placed.problem(text.span(), "formula", message, "correct the formula or the unit"));
        }
        Ok(_) => {}
    }
}

fn range(placed: &Placed<Indicator>, problems: &mut Vec<Problem>) {
    let mut bound = |key: &str, text: &Option<Spanned<String>>| {
        let text = text.as_ref()?;
        let number = text.get_ref().parse::<Decimal>().ok();
        if number.is_none() {
            problems.push(placed.problem(
                text.span(),
                key,
                format!("`{}` is not a number", text.get_ref()),
                "write a decimal number in quotes",
            ));
        }
        number
    };
    let (min, max) = (bound("min", &placed.entry.min), bound("max", &placed.entry.max));
    if min.zip(max).is_some_and(|(min, max)| max < min) {
        problems.push(placed.problem(
            placed.entry.max.as_ref().unwrap_or(&placed.entry.code).span(),
            "max",
            "the range ends before it begins",
            "write the smaller number as `min`",
        ));
    }
}

/// At least one definition; every later one with the period it begins in, in order.
fn versions(placed: &Placed<Indicator>, problems: &mut Vec<Problem>) {
    let entry = &placed.entry;
    if entry.version.is_empty() {
        problems.push(placed.problem(
            entry.code.span(),
            "version",
            "there is no definition",
            "add [[indicator.version]] with a definition",
        ));
    }
    let mut last = None;
    for (index, version) in entry.version.iter().enumerate() {
        let Some(from) = &version.from else {
            if index > 0 {
                let message = format!("definition {} has no `from`", index + 1);
                problems.push(placed.problem(
                    entry.code.span(),
                    "version",
                    message,
                    "write the first period it counts for, as \"2025\"",
                ));
            }
            continue;
        };
        match from.get_ref().parse::<analytics::period::Period>() {
            Err(error) => problems.push(placed.problem(
                from.span(),
                "from",
                error.to_string(),
                "write the first period it counts for",
            )),
            Ok(period) if last.is_some_and(|last| period.start_month() <= last) => {
                problems.push(placed.problem(
                    from.span(),
                    "from",
                    "it does not begin after the definition before it",
                    "list definitions from the oldest to the newest",
                ));
            }
            Ok(period) => last = Some(period.start_month()),
        }
    }
}

/// Whether an indicator is computed from itself.
fn circle(placed: &Placed<Indicator>, names: &Names<'_>, problems: &mut Vec<Problem>) {
    let start = placed.entry.code.get_ref().as_str();
    let mut seen = HashSet::new();
    let mut stack = inputs(&placed.entry);
    while let Some(code) = stack.pop() {
        if code == start {
            let message = format!("`{start}` is computed from itself");
            return problems.push(placed.problem(
                placed.entry.code.span(),
                "code",
                message,
                "take it out of its own parts and formulas",
            ));
        }
        if seen.insert(code.clone()) {
            stack.extend(
                names
                    .indicators
                    .get(code.as_str())
                    .map(|indicator| inputs(indicator))
                    .unwrap_or_default(),
            );
        }
    }
}

fn inputs(indicator: &Indicator) -> Vec<String> {
    let parts = [&indicator.numerator, &indicator.denominator]
        .into_iter()
        .flatten()
        .map(|code| code.get_ref().clone());
    let formula = indicator
        .formula
        .as_ref()
        .and_then(|text| text.get_ref().parse::<Formula>().ok());
    let variables: Vec<String> = formula.iter().flat_map(Formula::variables).map(str::to_owned).collect();
    parts.chain(variables).collect()
}
