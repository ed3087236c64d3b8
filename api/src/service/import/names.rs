//! The catalogue's names as sheets write them.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::intake::figures::plain::compact;
use crate::intake::figures::{Named, Vocabulary};
use crate::intake::problem::nearest;
use crate::service::catalog::Catalog;

/// Ends of an office's name that name its organisation.
const OFFICES: [(&str, &str); 6] = [
    ("街道办事处", "街道"),
    ("街道办", "街道"),
    ("镇人民政府", "镇"),
    ("区人民政府", "区"),
    ("区政府", "区"),
    ("市人民政府", "市"),
];
/// What sheets leave out at the end of a name.
const LEVELS: [&str; 5] = ["街道", "社区", "镇", "区", "市"];

/// Names of one catalogue; what was looked up once is known.
pub(super) struct Names<'a> {
    catalog: &'a Catalog,
    indicators: HashMap<String, Vec<&'a str>>,
    items: HashMap<String, Vec<String>>,
    orgs: RefCell<HashMap<String, Named>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        let mut indicators: HashMap<String, Vec<&str>> = HashMap::new();
        for indicator in catalog.indicators() {
            let mut names = vec![
                compact(&indicator.name_zh).into_owned(),
                compact(&indicator.name_en).to_lowercase(),
            ];
            names.dedup();
            for name in names {
                indicators.entry(name).or_default().push(&indicator.code);
            }
        }
        let mut items: HashMap<String, Vec<String>> = HashMap::new();
        for item in catalog.items() {
            if let Some(code) = catalog.item_code(item.id) {
                items.entry(compact(&item.name_zh).into_owned()).or_default().push(code);
            }
        }
        Self {
            catalog,
            indicators,
            items,
            orgs: RefCell::default(),
        }
    }

    pub(super) fn catalog(&self) -> &'a Catalog {
        self.catalog
    }

    fn find_org(&self, text: &str) -> Named {
        if let Some(org) = self
            .catalog
            .org_by_code_or_name(text)
            .and_then(|ordinal| self.catalog.org(ordinal))
        {
            return Named::One(org.code.clone());
        }
        let office = OFFICES
            .iter()
            .find_map(|(end, level)| Some(format!("{}{level}", text.strip_suffix(end)?)));
        let text = office.as_deref().unwrap_or(text);
        if text.chars().count() < 2 || LEVELS.contains(&text) {
            return Named::Nothing;
        }
        // 笋岗街道 and 笋岗 are the end of 深圳市罗湖区笋岗街道.
        let ends = |with_level: bool| -> Vec<String> {
            let named = self.catalog.orgs().iter().filter(|org| {
                let name = compact(&org.name_zh);
                name.ends_with(text)
                    || with_level
                        && LEVELS
                            .iter()
                            .any(|level| name.strip_suffix(level).is_some_and(|rest| rest.ends_with(text)))
            });
            named.map(|org| org.code.clone()).collect()
        };
        let mut found = ends(false);
        if found.is_empty() {
            found = ends(true);
        }
        named(found)
    }
}

fn named(mut codes: Vec<String>) -> Named {
    match codes.len() {
        0 => Named::Nothing,
        1 => codes.pop().map_or(Named::Nothing, Named::One),
        _ => Named::Several(codes),
    }
}

impl Vocabulary for Names<'_> {
    fn indicator(&self, text: &str) -> Named {
        if let Some(indicator) = self.catalog.indicator_by_code(text) {
            return Named::One(indicator.code.clone());
        }
        let known = self
            .indicators
            .get(text)
            .or_else(|| self.indicators.get(&text.to_lowercase()));
        known.map_or(Named::Nothing, |codes| {
            named(codes.iter().map(|code| (*code).to_owned()).collect())
        })
    }

    fn org(&self, text: &str) -> Named {
        if let Some(known) = self.orgs.borrow().get(text) {
            return known.clone();
        }
        let found = self.find_org(text);
        self.orgs.borrow_mut().insert(text.to_owned(), found.clone());
        found
    }

    fn item(&self, text: &str) -> Named {
        if self.catalog.item_by_code(text).is_some() {
            return Named::One(text.to_owned());
        }
        self.items
            .get(text)
            .map_or(Named::Nothing, |codes| named(codes.clone()))
    }

    fn suggest(&self, text: &str) -> Option<String> {
        let codes = self
            .catalog
            .indicators()
            .iter()
            .map(|indicator| indicator.code.as_str());
        nearest(text, self.indicators.keys().map(String::as_str).chain(codes)).map(str::to_owned)
    }

    fn is_unit(&self, word: &str) -> bool {
        self.catalog.unit_by_word(word).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::named;
    use crate::intake::figures::Named;

    #[test]
    fn one_code_is_a_name_and_two_are_a_question() {
        assert_eq!(named(Vec::new()), Named::Nothing);
        assert_eq!(named(vec!["a".to_owned()]), Named::One("a".to_owned()));
        let both = vec!["a".to_owned(), "b".to_owned()];
        assert_eq!(named(both.clone()), Named::Several(both));
    }
}
