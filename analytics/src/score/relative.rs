//! The values of a peer group, for rules that depend on the others.

use rust_decimal::Decimal;

/// The values of one criterion in one track, ascending.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    values: Vec<Decimal>,
}

impl Field {
    pub(super) fn of(values: impl Iterator<Item = Decimal>) -> Self {
        let mut values: Vec<Decimal> = values.collect();
        values.sort_unstable();
        Self { values }
    }

    /// The least and the greatest value.
    pub(super) fn ends(&self) -> Option<(Decimal, Decimal)> {
        Some((*self.values.first()?, *self.values.last()?))
    }

    /// How many are worse, of how many others; none where nobody differs.
    pub(super) fn worse(&self, value: Decimal, lower_better: bool) -> Option<(Decimal, Decimal)> {
        let all = self.values.len();
        let (least, most) = self.ends()?;
        if all < 2 || least == most {
            return None;
        }
        let worse = if lower_better {
            all - self.values.partition_point(|other| *other <= value)
        } else {
            self.values.partition_point(|other| *other < value)
        };
        Some((Decimal::from(worse), Decimal::from(all - 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_a_place_and_equals_have_none() {
        let field = Field::of([1, 2, 2, 4, 5].map(Decimal::from).into_iter());
        let worse = |value: i64, lower| {
            field
                .worse(Decimal::from(value), lower)
                .map(|(worse, _)| worse.to_string())
        };
        let found = [(1, false), (2, false), (4, false), (5, false), (2, true), (1, true)]
            .map(|(value, lower)| worse(value, lower));
        assert_eq!(
            found,
            ["0", "1", "3", "4", "2", "4"].map(|count| Some(count.to_owned()))
        );
        let equal = Field::of([3, 3, 3].map(Decimal::from).into_iter());
        assert_eq!(equal.worse(Decimal::from(3), false), None);
    }
}
