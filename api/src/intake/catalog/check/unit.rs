//! Units: scales that are numbers, words that belong to one unit.

use std::collections::HashMap;

use rust_decimal::Decimal;

use crate::intake::catalog::entry::Catalog;
use crate::intake::problem::Problem;

pub(super) fn check(catalog: &Catalog, problems: &mut Vec<Problem>) {
    // Sheets write words and codes alike: one text must not mean two units.
    let mut words: HashMap<&str, &str> = catalog
        .units
        .iter()
        .map(|placed| placed.entry.code.get_ref().as_str())
        .map(|code| (code, code))
        .collect();
    for placed in &catalog.units {
        let unit = &placed.entry;
        if !unit
            .scale
            .get_ref()
            .parse::<Decimal>()
            .is_ok_and(|scale| scale > Decimal::ZERO)
        {
            let message = format!("`{}` is not a scale", unit.scale.get_ref());
            problems.push(placed.problem(
                unit.scale.span(),
                "scale",
                message,
                "write a positive decimal number in quotes, as \"10000\"",
            ));
        }
        for word in &unit.words {
            if word.get_ref().contains('|') || word.get_ref().trim().is_empty() {
                problems.push(placed.problem(
                    word.span(),
                    "words",
                    format!("`{}` cannot be a unit's word", word.get_ref()),
                    "use a word without |",
                ));
            }
            if let Some(other) = words
                .insert(word.get_ref(), unit.code.get_ref())
                .filter(|other| other != unit.code.get_ref() || word.get_ref() != unit.code.get_ref())
            {
                let message = format!("the word `{}` already belongs to unit `{other}`", word.get_ref());
                problems.push(placed.problem(
                    word.span(),
                    "words",
                    message,
                    "a word belongs to one unit; take it out of the other",
                ));
            }
        }
    }
}
