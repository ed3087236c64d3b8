//! Texts as sheets write them, made plain: full-width signs, and the spaces that only align.

use std::borrow::Cow;

/// Half-width signs for full-width ones; the text itself where there is nothing to change.
#[must_use]
pub fn half_width(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(half).collect())
}

fn half(character: char) -> char {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character),
        '\u{3000}' | '\u{a0}' | '\u{2002}'..='\u{200b}' | '\u{202f}' | '\u{feff}' => ' ',
        '−' | '﹣' => '-',
        '〇' => '0',
        other => other,
    }
}

/// A header or name without any spaces, in half-width signs: sheets spread `街  道` over a cell.
#[must_use]
pub fn compact(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Cow::Borrowed(text);
    }
    let half = half_width(text);
    Cow::Owned(half.chars().filter(|character| !character.is_whitespace()).collect())
}

/// A header apart from the unit in brackets at its end: `经费(万元)` is `经费` in `万元`.
#[must_use]
pub fn split_unit(label: &str) -> (&str, Option<&str>) {
    let bracketed = label.strip_suffix(')').and_then(|rest| rest.rsplit_once('('));
    match bracketed {
        Some((name, unit)) if !name.is_empty() && !unit.is_empty() => {
            let unit = unit.strip_prefix("单位:").or(unit.strip_prefix("单位")).unwrap_or(unit);
            (name, Some(unit))
        }
        _ => (label, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_half_width_and_spaces_go() {
        assert_eq!(half_width("１,２３４．５％－（宗）"), "1,234.5%-(宗)");
        assert_eq!(compact("街　 道\n名称"), "街道名称");
        assert_eq!(split_unit("经费(万元)"), ("经费", Some("万元")));
        assert_eq!(split_unit("经费(单位:万元)"), ("经费", Some("万元")));
        assert_eq!(split_unit("(万元)"), ("(万元)", None));
    }
}
