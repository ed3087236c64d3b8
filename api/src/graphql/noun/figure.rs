//! How texts and decimals of an evaluation are told.

use analytics::decimal::to_f64;
use rust_decimal::Decimal;

use crate::export::evaluation::report::Text;
use crate::graphql::scalar::choice::Locale;

/// A text in the language asked for.
pub(crate) fn pick(text: &Text, locale: Option<Locale>) -> String {
    match locale.unwrap_or(Locale::Zh) {
        Locale::Zh => text.zh.clone(),
        Locale::En => text.en.clone(),
    }
}

/// A decimal as a number of the schema.
pub(crate) fn number(value: Option<Decimal>) -> Option<f64> {
    value.map(to_f64)
}
