//! From a value to points, by one rule. Points are between 0 and the full marks.

use rust_decimal::Decimal;

use super::framework::{Goal, Rule};
use super::relative::Field;
use super::sheet::settled;

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    /// The full marks; of an adjustment its cap.
    pub(super) full: Decimal,
    /// The value in the indicator's unit.
    pub(super) value: Decimal,
    /// The target set for the organisation, if there is one.
    pub(super) target: Option<Decimal>,
    /// The values of the peer group.
    pub(super) field: &'a Field,
}

/// The points of a value; none where the rule needs a target and none is set.
pub(super) fn points(rule: &Rule, case: &Case<'_>) -> Option<Decimal> {
    let Case { full, value, .. } = *case;
    Some(settled(match rule {
        Rule::Target { goal, zero } => {
            let goal = match goal {
                Goal::Fixed(goal) => *goal,
                Goal::Stored => case.target?,
            };
            between(full, value, *zero, goal)
        }
        Rule::Linear { from, to } => between(full, value, *from, *to),
        Rule::Bands(bands) => {
            let meets = |bound: &Option<super::framework::Bound>| bound.is_none_or(|bound| bound.is_met(value));
            let band = bands.iter().find(|band| meets(&band.bound));
            band.map_or(Decimal::ZERO, |band| floor(full.saturating_sub(band.lost)))
        }
        Rule::Deduct { each, free } => {
            floor(full.saturating_sub(each.saturating_mul(floor(value.saturating_sub(*free)))))
        }
        Rule::Threshold(bound) => all_or_nothing(full, bound.is_met(value)),
        Rule::YesNo { wanted } => all_or_nothing(full, value.is_zero() != *wanted),
        Rule::MinMax { lower_better } => match case.field.ends() {
            Some((least, most)) if least < most && *lower_better => between(full, value, most, least),
            Some((least, most)) if least < most => between(full, value, least, most),
            _ => full,
        },
        Rule::Percentile { lower_better } => case.field.worse(value, *lower_better).map_or(full, |(worse, others)| {
            full.saturating_mul(worse).checked_div(others).unwrap_or(full)
        }),
        Rule::Bonus { each: Some(each), cap } | Rule::Penalty { each: Some(each), cap } => {
            floor(each.saturating_mul(value)).min(*cap)
        }
        Rule::Manual | Rule::Bonus { each: None, .. } | Rule::Penalty { each: None, .. } => return None,
        Rule::Veto { .. } => Decimal::ZERO,
    }))
}

/// Points on the way from `zero` to `goal`. Where the two are one, reaching it is everything.
fn between(full: Decimal, value: Decimal, zero: Decimal, goal: Decimal) -> Decimal {
    let (gone, way) = (value.saturating_sub(zero), goal.saturating_sub(zero));
    if way.is_zero() {
        return all_or_nothing(full, value >= goal);
    }
    let share = gone.checked_div(way).unwrap_or(Decimal::ZERO);
    if share <= Decimal::ZERO || share >= Decimal::ONE {
        return all_or_nothing(full, share >= Decimal::ONE);
    }
    // Multiplied first: 12 × 7 ÷ 12 is 7, and 12 × (7 ÷ 12) is not.
    full.saturating_mul(gone).checked_div(way).unwrap_or(Decimal::ZERO)
}

fn all_or_nothing(full: Decimal, reached: bool) -> Decimal {
    if reached { full } else { Decimal::ZERO }
}

fn floor(points: Decimal) -> Decimal {
    points.max(Decimal::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::framework::{Band, Bound};

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn scored(rule: &Rule, full: &str, value: &str) -> String {
        let case = Case {
            full: decimal(full),
            value: decimal(value),
            target: None,
            field: &Field::default(),
        };
        points(rule, &case).map_or_else(|| "none".to_owned(), |points| points.normalize().to_string())
    }

    #[test]
    fn steps_lose_points_as_the_form_says() {
        let band = |bound: Option<&str>, lost: &str| Band {
            bound: bound.map(|bound| Bound::AtLeast(decimal(bound))),
            lost: decimal(lost),
        };
        // ≥90 full, 80–90 −1, <80 −5
        let rule = Rule::Bands(vec![band(Some("90"), "0"), band(Some("80"), "1"), band(None, "5")]);
        assert_eq!(scored(&rule, "5", "90"), "5");
        assert_eq!(scored(&rule, "5", "89.99"), "4");
        assert_eq!(scored(&rule, "5", "80"), "4");
        assert_eq!(scored(&rule, "5", "79.9"), "0");
    }

    #[test]
    fn deductions_end_at_nothing() {
        let rule = Rule::Deduct {
            each: decimal("1"),
            free: decimal("0"),
        };
        assert_eq!(scored(&rule, "5", "0"), "5");
        assert_eq!(scored(&rule, "5", "2"), "3");
        assert_eq!(scored(&rule, "5", "9"), "0");
    }

    #[test]
    fn targets_may_be_negative_zero_or_downwards() {
        let rule = |zero: &str, goal: &str| Rule::Target {
            goal: Goal::Fixed(decimal(goal)),
            zero: decimal(zero),
        };
        assert_eq!(scored(&rule("0", "100"), "10", "97.5"), "9.75");
        assert_eq!(scored(&rule("0", "100"), "10", "120"), "10");
        // Smaller is better: nothing at 10, all at −2.
        assert_eq!(scored(&rule("10", "-2"), "12", "3"), "7");
        assert_eq!(scored(&rule("10", "-2"), "12", "11"), "0");
        assert_eq!(scored(&rule("0", "0"), "12", "0"), "12");
    }

    #[test]
    fn all_or_nothing_is_just_that() {
        let rule = Rule::Threshold(Bound::AtLeast(decimal("100")));
        assert_eq!(scored(&rule, "3", "99.99"), "0");
        assert_eq!(scored(&rule, "3", "100"), "3");
        assert_eq!(scored(&Rule::YesNo { wanted: true }, "3", "1"), "3");
        assert_eq!(scored(&Rule::YesNo { wanted: false }, "3", "1"), "0");
        assert_eq!(scored(&Rule::Manual, "3", "1"), "none");
    }
}
