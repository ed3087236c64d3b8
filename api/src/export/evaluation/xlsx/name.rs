//! Names of sheets: valid for every program, unique, and as near to what was wished as that allows.

use std::collections::HashSet;

/// Units of UTF-16 that a name may have.
const MOST: usize = 31;

/// The names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: HashSet<String>,
}

impl Names {
    /// A name like `wish` that no other sheet has.
    pub(super) fn take(&mut self, wish: &str) -> String {
        let clean: String = wish.chars().filter_map(allowed).collect();
        let clean = clean.trim().trim_matches('\'').trim();
        let clean = match clean {
            "" => "表",
            // A name that Excel keeps for itself.
            name if name.eq_ignore_ascii_case("history") => "History_",
            name => name,
        };
        let mut name = cut(clean, MOST);
        let mut number = 2;
        while !self.taken.insert(name.to_lowercase()) {
            let tail = format!("({number})");
            name = cut(clean, MOST - tail.len()) + &tail;
            number += 1;
        }
        name
    }
}

fn allowed(sign: char) -> Option<char> {
    match sign {
        '[' => Some('［'),
        ']' => Some('］'),
        ':' => Some('：'),
        '*' => Some('＊'),
        '?' => Some('？'),
        '/' => Some('／'),
        '\\' => Some('＼'),
        sign if sign.is_control() => None,
        sign => Some(sign),
    }
}

fn cut(text: &str, most: usize) -> String {
    let mut left = most;
    let fits = |sign: &char| {
        let wanted = sign.len_utf16();
        let fits = wanted <= left;
        left = left.saturating_sub(wanted);
        fits
    };
    let text: String = text.chars().take_while(fits).collect();
    text.trim_end().trim_end_matches('\'').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_valid_unique_and_short() {
        let mut names = Names::default();
        assert_eq!(names.take("a/b[c]:*?\\"), "a／b［c］：＊？＼");
        assert_eq!(names.take("''"), "表");
        assert_eq!(names.take(" \u{1} "), "表(2)");
        assert_eq!(names.take("history"), "History_");
        let long = "很".repeat(40);
        assert_eq!(names.take(&long), "很".repeat(31));
        assert_eq!(names.take(&long), "很".repeat(28) + "(2)");
        assert_eq!(names.take("Abc"), "Abc");
        assert_eq!(names.take("aBC"), "aBC(2)");
        assert_eq!(names.take(&"😀".repeat(20)).encode_utf16().count(), 30);
    }
}
