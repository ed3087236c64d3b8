//! Which indicators and which organisations: codes and conditions become keys and ordinals, or a clear refusal.

use analytics::period::Period;
use entity::choice::OrgLevel;

use super::access::Sight;
use super::catalog::Catalog;
use crate::error::Error;
use crate::intake::problem::suggest;

/// Organisations: every condition narrows, none takes all.
#[derive(Clone, Debug, Default)]
pub struct OrgSelector {
    /// Those of these codes.
    pub codes: Option<Vec<String>>,
    /// Those below this one.
    pub within: Option<String>,
    /// And this one itself.
    pub with_self: bool,
    /// Those of this level.
    pub level: Option<OrgLevel>,
}

/// Indicators: every condition narrows, none takes all.
#[derive(Clone, Debug, Default)]
pub struct IndicatorSelector {
    /// Those of these codes.
    pub codes: Option<Vec<String>>,
    /// Those of this theme.
    pub theme: Option<String>,
}

impl OrgSelector {
    /// The ordinals that may be read for `indicators` (for some indicator when there are none), in the order of `codes` or else in the order of the tree as it
    /// was in `period` (today when none is given).
    ///
    /// # Errors
    /// [`Error::NotFound`] for a code that does not exist; [`Error::Forbidden`] for one that may not be read.
    pub fn resolve(&self, sight: &Sight, indicators: &[i64], period: Option<Period>) -> Result<Vec<u32>, Error> {
        let need = |top: u32| sight.need(indicators, top);
        let chosen = self.chosen(&sight.snapshot.catalog, period, need)?;
        sight.orgs(chosen, self.codes.is_some(), indicators)
    }

    /// The keys of the same for a query: none where it need not be narrowed.
    ///
    /// # Errors
    /// As [`OrgSelector::resolve`].
    pub fn keys(&self, sight: &Sight, indicators: &[i64], period: Option<Period>) -> Result<Option<Vec<i64>>, Error> {
        if self.takes_all() && sight.is_all() {
            return Ok(None);
        }
        let tree = sight.snapshot.catalog.tree();
        let chosen = self.resolve(sight, indicators, period)?;
        Ok(Some(chosen.into_iter().filter_map(|org| tree.id(org)).collect()))
    }

    /// The keys of those of which all themes may be read: none where it need not be narrowed.
    ///
    /// # Errors
    /// As [`OrgSelector::resolve`]; [`Error::Forbidden`] for who may read some themes only.
    pub(in crate::service) fn whole(&self, sight: &Sight, period: Option<Period>) -> Result<Option<Vec<i64>>, Error> {
        sight.need_whole()?;
        if self.takes_all() && sight.is_all() {
            return Ok(None);
        }
        let chosen = self.resolve(sight, &[], period)?;
        if self.codes.is_some()
            && let Some(outside) = chosen.iter().find(|org| !sight.sees_whole(**org))
        {
            return Err(sight.outside(*outside));
        }
        let tree = sight.snapshot.catalog.tree();
        let whole = chosen.into_iter().filter(|org| sight.sees_whole(*org));
        Ok(Some(whole.filter_map(|org| tree.id(org)).collect()))
    }

    /// The ordinals that a definition names, whoever asks: the tracks of a framework, the entries of a calendar.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a code that does not exist.
    pub(in crate::service) fn defined(&self, catalog: &Catalog, period: Option<Period>) -> Result<Vec<u32>, Error> {
        self.chosen(catalog, period, |_| Ok(()))
    }

    fn chosen(
        &self,
        catalog: &Catalog,
        period: Option<Period>,
        need: impl Fn(u32) -> Result<(), Error>,
    ) -> Result<Vec<u32>, Error> {
        let within = match &self.within {
            None => None,
            Some(code) => {
                let top = org(catalog, code)?;
                need(top)?;
                let mut below = catalog.tree().below(top, period);
                if self.with_self {
                    below.insert(0, top);
                }
                Some(below)
            }
        };
        let mut chosen = match (&self.codes, within) {
            (None, None) => (0u32..).zip(catalog.orgs()).map(|(ordinal, _)| ordinal).collect(),
            (None, Some(below)) => below,
            (Some(codes), within) => {
                let mut chosen = codes
                    .iter()
                    .map(|code| org(catalog, code))
                    .collect::<Result<Vec<u32>, _>>()?;
                chosen.retain(|ordinal| within.as_ref().is_none_or(|below| below.contains(ordinal)));
                chosen
            }
        };
        let mut seen = std::collections::HashSet::new();
        chosen.retain(|ordinal| {
            let fits = self
                .level
                .is_none_or(|level| catalog.org(*ordinal).is_some_and(|org| org.level == level));
            fits && seen.insert(*ordinal)
        });
        Ok(chosen)
    }

    /// Whether nothing is narrowed.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        self.codes.is_none() && self.within.is_none() && self.level.is_none()
    }
}

impl IndicatorSelector {
    /// The keys of those that may be read, in the order of `codes` or else by theme and code.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a code that does not exist; [`Error::Forbidden`] for one that may not be read.
    pub fn resolve(&self, sight: &Sight) -> Result<Vec<i64>, Error> {
        sight.indicators(self.defined(&sight.snapshot.catalog)?, self.codes.is_some())
    }

    /// The keys of the same for a query: none where it need not be narrowed.
    ///
    /// # Errors
    /// As [`IndicatorSelector::resolve`].
    pub fn keys(&self, sight: &Sight) -> Result<Option<Vec<i64>>, Error> {
        if self.takes_all() && sight.is_all() {
            return Ok(None);
        }
        self.resolve(sight).map(Some)
    }

    /// The keys that a definition names, whoever asks.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a code that does not exist.
    pub(in crate::service) fn defined(&self, catalog: &Catalog) -> Result<Vec<i64>, Error> {
        let theme = self.theme.as_deref().map(|code| theme(catalog, code)).transpose()?;
        let mut seen = std::collections::HashSet::new();
        let chosen = match &self.codes {
            None => catalog.indicators().iter().collect(),
            Some(codes) => codes
                .iter()
                .map(|code| indicator(catalog, code))
                .collect::<Result<Vec<_>, _>>()?,
        };
        let fits = |indicator: &&entity::indicator::Model| theme.is_none_or(|theme| indicator.theme_id == theme);
        Ok(chosen
            .into_iter()
            .filter(fits)
            .map(|indicator| indicator.id)
            .filter(|id| seen.insert(*id))
            .collect())
    }

    /// Whether nothing is narrowed.
    #[must_use]
    pub fn takes_all(&self) -> bool {
        self.codes.is_none() && self.theme.is_none()
    }
}

/// The level of a code.
///
/// # Errors
/// [`Error::Input`] with the levels there are.
pub fn level(code: &str) -> Result<OrgLevel, Error> {
    let hint = "write PROVINCE, CITY, DISTRICT, STREET, COMMUNITY or DEPARTMENT";
    OrgLevel::parse(code).ok_or_else(|| Error::input(format!("there is no level `{}`", clip(code)), hint))
}

/// The organisation of a code.
///
/// # Errors
/// [`Error::NotFound`] with the nearest code.
pub fn org(catalog: &Catalog, code: &str) -> Result<u32, Error> {
    catalog.org_by_code(code).ok_or_else(|| {
        let known = catalog.orgs().iter().map(|org| org.code.as_str());
        Error::NotFound {
            what: "organisation",
            name: clip(code),
            hint: Some(suggest(code, known, "orgUnits lists the codes")),
        }
    })
}

/// The indicator of a code.
///
/// # Errors
/// [`Error::NotFound`] with the nearest code.
pub fn indicator<'a>(catalog: &'a Catalog, code: &str) -> Result<&'a entity::indicator::Model, Error> {
    catalog.indicator_by_code(code).ok_or_else(|| {
        let known = catalog.indicators().iter().map(|indicator| indicator.code.as_str());
        Error::NotFound {
            what: "indicator",
            name: clip(code),
            hint: Some(suggest(code, known, "indicators lists the codes")),
        }
    })
}

/// The key of an indicator's code, if it may be read.
///
/// # Errors
/// [`Error::NotFound`] with the nearest code; [`Error::Forbidden`].
pub fn readable(sight: &Sight, code: &str) -> Result<i64, Error> {
    let id = indicator(&sight.snapshot.catalog, code)?.id;
    sight.indicators(vec![id], true)?;
    Ok(id)
}

/// The key of a theme's code.
///
/// # Errors
/// [`Error::NotFound`] with the codes there are.
pub fn theme(catalog: &Catalog, code: &str) -> Result<i64, Error> {
    catalog
        .themes()
        .find(|theme| theme.code == code)
        .map(|theme| theme.id)
        .ok_or_else(|| {
            let mut known: Vec<&str> = catalog.themes().map(|theme| theme.code.as_str()).collect();
            known.sort_unstable();
            Error::NotFound {
                what: "theme",
                name: clip(code),
                hint: Some(format!("the themes are {}", known.join(", "))),
            }
        })
}

/// An error repeats what was asked, but not megabytes of it.
fn clip(text: &str) -> String {
    text.chars().take(80).collect()
}
