//! Where a type may be null.

use async_graphql::parser::types::{BaseType, Type};

/// Where a type may be null: itself, the items of its list, and the items of those.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nulls(u8);

impl Default for Nulls {
    /// Everywhere.
    fn default() -> Self {
        Self(u8::MAX)
    }
}

impl Nulls {
    /// Nowhere.
    pub(super) const NONE: Self = Self(0);

    /// Those of a type as it is written.
    pub(super) fn of(kind: &Type) -> Self {
        let inner = match &kind.base {
            BaseType::Named(_) => 0,
            BaseType::List(inner) => Self::of(inner).0 << 1,
        };
        Self(inner | u8::from(kind.nullable))
    }

    /// Whether the value itself may be null.
    pub(super) fn here(self) -> bool {
        self.0 & 1 != 0
    }

    /// Those of the items of a list.
    pub(super) fn items(self) -> Self {
        Self(self.0 >> 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_of_a_list_has_its_own() {
        let of = |text: &str| Nulls::of(&Type::new(text).unwrap());
        for (text, here, items, inside) in [
            ("[[Int!]]!", false, true, false),
            ("[[Int]!]", true, false, true),
            ("[[Int!]!]!", false, false, false),
            ("[[Int]]", true, true, true),
        ] {
            let nulls = of(text);
            let found = (nulls.here(), nulls.items().here(), nulls.items().items().here());
            assert_eq!(found, (here, items, inside), "{text}");
        }
        assert!(of("Int").here() && !of("Int!").here());
    }
}
