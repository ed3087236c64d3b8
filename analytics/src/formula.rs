//! Formulas of derived indicators: `+ - * / ( )`, numbers, and indicator codes as variables.

use std::str::FromStr;

use exmex::{BinOp, Express, FlatEx, MakeOperators, Operator};
use thiserror::Error;

/// Why a formula cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FormulaError {
    /// Not an expression.
    #[error("`{text}` is not a formula ({why}); use + - * / ( ), numbers and indicator codes")]
    Syntax {
        /// The formula.
        text: String,
        /// What the parser stumbled over.
        why: String,
    },
    /// Numbers only.
    #[error("`{text}` names no indicator")]
    NoIndicator {
        /// The formula.
        text: String,
    },
    /// Two quantities that cannot be added.
    #[error("`{text}` adds or subtracts {left} and {right}; only values of one quantity add up")]
    Unlike {
        /// The formula.
        text: String,
        /// One quantity.
        left: String,
        /// The other.
        right: String,
    },
    /// A quantity that has no name.
    #[error("`{text}` multiplies or divides {left} and {right}; the result has no unit here")]
    Nameless {
        /// The formula.
        text: String,
        /// One quantity.
        left: String,
        /// The other.
        right: String,
    },
}

/// A formula, ready to be evaluated.
#[derive(Clone, Debug)]
pub struct Formula {
    text: String,
    expression: FlatEx<f64, Arithmetic>,
}

impl Formula {
    /// The codes it uses, in alphabetical order: the order of the values that [`Self::evaluate`] takes.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.expression.var_names().iter().map(String::as_str)
    }

    /// The value for `values`, one a variable; `None` for a division by zero or too few values.
    #[must_use]
    pub fn evaluate(&self, values: &[f64]) -> Option<f64> {
        self.expression.eval(values).ok().filter(|value| value.is_finite())
    }

    /// The quantity of the result, given the quantities of the variables.
    ///
    /// # Errors
    /// [`FormulaError::Unlike`] and [`FormulaError::Nameless`] when the quantities do not go together.
    pub fn quantity(&self, quantities: &[Quantity]) -> Result<Quantity, FormulaError> {
        let syntax = |error: exmex::ExError| FormulaError::Syntax {
            text: self.text.clone(),
            why: error.to_string(),
        };
        let dimensions: Vec<Dimension> = quantities.iter().cloned().map(Dimension::Of).collect();
        match FlatEx::<Dimension, Dimensions>::parse(&self.text)
            .and_then(|expression| expression.eval(&dimensions))
            .map_err(syntax)?
        {
            Dimension::Of(quantity) => Ok(quantity),
            Dimension::Unlike(left, right) => Err(FormulaError::Unlike {
                text: self.text.clone(),
                left: left.to_string(),
                right: right.to_string(),
            }),
            Dimension::Nameless(left, right) => Err(FormulaError::Nameless {
                text: self.text.clone(),
                left: left.to_string(),
                right: right.to_string(),
            }),
        }
    }
}

impl FromStr for Formula {
    type Err = FormulaError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let expression = FlatEx::parse(text).map_err(|error| FormulaError::Syntax {
            text: text.to_owned(),
            why: error.to_string(),
        })?;
        if expression.var_names().is_empty() {
            return Err(FormulaError::NoIndicator { text: text.to_owned() });
        }
        Ok(Self {
            text: text.to_owned(),
            expression,
        })
    }
}

/// What a number counts: nothing in particular, or a named quantity such as `case` or `money`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Quantity {
    /// A pure number.
    #[default]
    Pure,
    /// A quantity of the catalogue.
    Named(String),
}

impl std::fmt::Display for Quantity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pure => f.write_str("a pure number"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

/// The four operations on numbers.
#[derive(Clone, Debug)]
struct Arithmetic;

impl MakeOperators<f64> for Arithmetic {
    fn make<'a>() -> Vec<Operator<'a, f64>> {
        operators([|a, b| a + b, |a, b| a - b, |a, b| a * b, |a, b| a / b], |a| -a)
    }
}

/// The same expression over quantities in place of numbers: a unit check.
#[derive(Clone, Debug)]
enum Dimension {
    Of(Quantity),
    Unlike(Quantity, Quantity),
    Nameless(Quantity, Quantity),
}

impl Default for Dimension {
    fn default() -> Self {
        Self::Of(Quantity::Pure)
    }
}

impl FromStr for Dimension {
    type Err = std::num::ParseFloatError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<f64>().map(|_| Self::default())
    }
}

impl Dimension {
    fn join(self, other: Self, rule: fn(Quantity, Quantity) -> Self) -> Self {
        match (self, other) {
            (Self::Of(left), Self::Of(right)) => rule(left, right),
            (Self::Of(_), fault) | (fault, _) => fault,
        }
    }

    fn sum(self, other: Self) -> Self {
        self.join(other, |left, right| {
            if left == right {
                Self::Of(left)
            } else {
                Self::Unlike(left, right)
            }
        })
    }

    fn product(self, other: Self) -> Self {
        self.join(other, |left, right| match (left, right) {
            (Quantity::Pure, quantity) | (quantity, Quantity::Pure) => Self::Of(quantity),
            (left, right) => Self::Nameless(left, right),
        })
    }

    fn quotient(self, other: Self) -> Self {
        self.join(other, |left, right| match (left, right) {
            (left, right) if left == right => Self::Of(Quantity::Pure),
            (left, Quantity::Pure) => Self::Of(left),
            (left, right) => Self::Nameless(left, right),
        })
    }
}

#[derive(Clone, Debug)]
struct Dimensions;

impl MakeOperators<Dimension> for Dimensions {
    fn make<'a>() -> Vec<Operator<'a, Dimension>> {
        operators(
            [Dimension::sum, Dimension::sum, Dimension::product, Dimension::quotient],
            |a| a,
        )
    }
}

/// `+ - * /` with their precedence, and the sign.
fn operators<'a, T: Clone>(binary: [fn(T, T) -> T; 4], negate: fn(T) -> T) -> Vec<Operator<'a, T>> {
    let [add, subtract, multiply, divide] = binary;
    let of = |apply, prio, is_commutative| BinOp {
        apply,
        prio,
        is_commutative,
    };
    vec![
        Operator::make_bin("+", of(add, 0, true)),
        Operator::make_bin_unary("-", of(subtract, 1, false), negate),
        Operator::make_bin("*", of(multiply, 2, true)),
        Operator::make_bin("/", of(divide, 3, false)),
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn named(name: &str) -> Quantity {
        Quantity::Named(name.to_owned())
    }

    #[test]
    fn a_formula_takes_its_values_by_code() {
        let formula: Formula = "(b_2 - a) / (c + 1) * 100".parse().unwrap();
        assert_eq!(formula.variables().collect::<Vec<_>>(), ["a", "b_2", "c"]);
        assert_eq!(formula.evaluate(&[2.0, 12.0, 4.0]), Some(200.0));
        assert_eq!(formula.evaluate(&[2.0, 12.0, -1.0]), None);
        assert_eq!(formula.evaluate(&[2.0]), None);
    }

    #[test]
    fn bad_formulas_are_refused() {
        for text in ["", "a +", "(a", "a b", "a ^ 2", "sin(a)", "a, b", "import os"] {
            assert!(text.parse::<Formula>().is_err(), "{text}");
        }
        assert!(matches!(
            "1 + 2".parse::<Formula>(),
            Err(FormulaError::NoIndicator { .. })
        ));
    }

    #[test]
    fn units_are_checked() {
        let quantity = |text: &str, of: &[Quantity]| text.parse::<Formula>().unwrap().quantity(of);
        assert_eq!(quantity("a - b", &[named("case"), named("case")]), Ok(named("case")));
        assert_eq!(
            quantity("a / b * 100", &[named("case"), named("case")]),
            Ok(Quantity::Pure)
        );
        assert_eq!(quantity("2 * -a", &[named("money")]), Ok(named("money")));
        assert!(matches!(
            quantity("a + b", &[named("case"), named("money")]),
            Err(FormulaError::Unlike { .. })
        ));
        assert!(matches!(
            quantity("a / b", &[named("money"), named("case")]),
            Err(FormulaError::Nameless { .. })
        ));
        assert!(matches!(
            quantity("a + 1", &[named("case")]),
            Err(FormulaError::Unlike { .. })
        ));
    }

    proptest! {
        #[test]
        fn precedence_is_that_of_school(a in -99i32..99, b in -99i32..99, c in 1i32..99, d in -99i32..99) {
            let values = [a, b, c, d].map(f64::from);
            let [x, y, z, w] = values;
            for (text, expected) in [
                ("a - b + d + 0 * c", x - y + w),
                ("a - b - c - d", x - y - z - w),
                ("a + b * d - c", x + y * w - z),
                ("a / c * b + 0 * d", x / z * y),
                ("a * b / c + 0 * d", x * y / z),
                ("-a + b - (c - d)", -x + y - (z - w)),
            ] {
                let value = text.parse::<Formula>().unwrap().evaluate(&values).unwrap();
                prop_assert!((value - expected).abs() <= 1e-9 * expected.abs().max(1.0), "{text}: {value} != {expected}");
            }
        }
    }
}
