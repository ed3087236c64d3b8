//! One application under way: the keys of what is stored so far, and the nouns that stand for themselves.

use std::collections::HashMap;

use analytics::period::Period;
use entity::db::Tx;
use entity::{breakdown, breakdown_item, theme, unit};
use toml::Spanned;

use super::report::Report;
use crate::error::Error;
use crate::intake::catalog::entry::{Catalog, Placed};

/// Adds or changes one row of a noun and counts it.
macro_rules! save {
    ($run:expr, $noun:ident, $label:expr, $stored:expr, $wanted:expr) => {{
        let wanted: $noun::New = $wanted;
        match $stored {
            None => {
                $run.report.created.push($label);
                $noun::insert($run.tx, wanted).await?
            }
            Some((id, stored)) if *stored == wanted => {
                $run.report.unchanged += 1;
                *id
            }
            Some((id, _)) => {
                $run.report.updated.push($label);
                $noun::update($run.tx, *id, wanted).await?;
                *id
            }
        }
    }};
}
pub(super) use save;

/// One application under way.
pub(super) struct Run<'a> {
    pub(super) tx: &'a Tx,
    pub(super) report: Report,
    /// Keys by noun and code.
    ids: HashMap<(&'static str, String), i64>,
}

impl<'a> Run<'a> {
    pub(super) fn new(tx: &'a Tx) -> Self {
        Self {
            tx,
            report: Report::default(),
            ids: HashMap::new(),
        }
    }

    pub(super) fn remember(&mut self, noun: &'static str, code: &Spanned<String>, id: i64) {
        self.ids.insert((noun, code.get_ref().clone()), id);
    }

    pub(super) fn id(&self, noun: &'static str, code: &Spanned<String>) -> Result<i64, Error> {
        let key = (noun, code.get_ref().clone());
        self.ids
            .get(&key)
            .copied()
            .ok_or_else(|| Error::internal(format!("the checked catalogue has no {noun} `{}`", key.1)))
    }

    pub(super) fn keep(&mut self, noun: &'static str, stored: impl IntoIterator<Item = String>) {
        let kept: Vec<String> = stored
            .into_iter()
            .filter(|code| !self.ids.contains_key(&(noun, code.clone())))
            .map(|code| format!("{noun} {code}"))
            .collect();
        self.report.kept.extend(kept);
    }

    pub(super) async fn units(&mut self, catalog: &Catalog) -> Result<(), Error> {
        let stored: HashMap<String, (i64, unit::New)> = unit::all(self.tx)
            .await?
            .iter()
            .map(|row| (row.code.clone(), (row.id, row.into())))
            .collect();
        for Placed { entry, .. } in &catalog.units {
            let words: Vec<&str> = entry.words.iter().map(|word| word.get_ref().as_str()).collect();
            let wanted = unit::New {
                code: entry.code.get_ref().clone(),
                quantity: entry.quantity.clone(),
                scale: entry.scale.get_ref().clone(),
                words: words.join("|"),
                label_zh: entry.label.zh.clone(),
                label_en: entry.label.en.clone(),
            };
            let id = save!(
                self,
                unit,
                format!("unit {}", entry.code.get_ref()),
                stored.get(entry.code.get_ref()),
                wanted
            );
            self.remember("unit", &entry.code, id);
        }
        self.keep("unit", stored.into_keys());
        Ok(())
    }

    pub(super) async fn themes(&mut self, catalog: &Catalog) -> Result<(), Error> {
        let stored: HashMap<String, (i64, theme::New)> = theme::all(self.tx)
            .await?
            .iter()
            .map(|row| (row.code.clone(), (row.id, row.into())))
            .collect();
        for Placed { entry, .. } in &catalog.themes {
            let wanted = theme::New {
                code: entry.code.get_ref().clone(),
                sort_order: entry.order,
                name_zh: entry.name.zh.clone(),
                name_en: entry.name.en.clone(),
            };
            let id = save!(
                self,
                theme,
                format!("theme {}", entry.code.get_ref()),
                stored.get(entry.code.get_ref()),
                wanted
            );
            self.remember("theme", &entry.code, id);
        }
        self.keep("theme", stored.into_keys());
        Ok(())
    }

    pub(super) async fn breakdowns(&mut self, catalog: &Catalog) -> Result<(), Error> {
        let stored: HashMap<String, (i64, breakdown::New)> = breakdown::all(self.tx)
            .await?
            .iter()
            .map(|row| (row.code.clone(), (row.id, row.into())))
            .collect();
        let items: HashMap<(i64, String), (i64, breakdown_item::New)> = breakdown_item::all(self.tx)
            .await?
            .iter()
            .map(|row| ((row.breakdown_id, row.code.clone()), (row.id, row.into())))
            .collect();
        for Placed { entry, .. } in &catalog.breakdowns {
            let wanted = breakdown::New {
                code: entry.code.get_ref().clone(),
                name_zh: entry.name.zh.clone(),
                name_en: entry.name.en.clone(),
            };
            let breakdown_id = save!(
                self,
                breakdown,
                format!("breakdown {}", entry.code.get_ref()),
                stored.get(entry.code.get_ref()),
                wanted
            );
            self.remember("breakdown", &entry.code, breakdown_id);
            for item in &entry.item {
                let code = item.code.get_ref().clone();
                let wanted = breakdown_item::New {
                    breakdown_id,
                    code: code.clone(),
                    name_zh: item.name.zh.clone(),
                    name_en: item.name.en.clone(),
                };
                let label = format!("breakdown {}={code}", entry.code.get_ref());
                save!(self, breakdown_item, label, items.get(&(breakdown_id, code)), wanted);
            }
        }
        self.keep("breakdown", stored.into_keys());
        Ok(())
    }
}

/// The first month of a period that was checked to be one.
pub(super) fn month(text: Option<&Spanned<String>>) -> Option<i32> {
    text.and_then(|text| text.get_ref().parse::<Period>().ok())
        .map(Period::start_month)
}
