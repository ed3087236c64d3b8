//! One version of the data as one caller may read it: what selectors, lists and answers hold themselves to.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use entity::submission;

use super::act::Act;
use super::caller::Caller;
use super::reach::Reach;
use crate::error::Error;
use crate::service::Service;
use crate::service::provisional::{Include, Reading};
use crate::service::snapshot::Snapshot;

/// A pinned snapshot, and how much of it may be read. Clones share it.
#[derive(Clone, Debug)]
pub struct Sight {
    /// The version.
    pub snapshot: Arc<Snapshot>,
    caller: Caller,
    reach: Arc<Reach>,
}

impl Service {
    /// The newest version as `caller` may read it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn sight(&self, caller: &Caller) -> Result<Sight, Error> {
        Ok(Sight::new(self.snapshot().await?, caller))
    }
}

impl Sight {
    /// A version as `caller` may read it.
    #[must_use]
    pub fn new(snapshot: Arc<Snapshot>, caller: &Caller) -> Self {
        Self {
            reach: Arc::new(Reach::of(caller, Act::Read, &snapshot.catalog)),
            caller: caller.clone(),
            snapshot,
        }
    }

    /// All of a version, for what is worked out for everybody and cut later.
    #[must_use]
    pub(in crate::service) fn whole(snapshot: Arc<Snapshot>) -> Self {
        Self::new(snapshot, &Caller::operator(""))
    }

    /// The same of another version.
    #[must_use]
    pub fn of(&self, snapshot: Arc<Snapshot>) -> Self {
        Self::new(snapshot, &self.caller)
    }

    /// What may be read.
    #[must_use]
    pub fn reach(&self) -> &Arc<Reach> {
        &self.reach
    }

    /// Who looks.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Which state of the figures is read: those that are not published are for those who signed in.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a stranger who asks for unpublished figures.
    pub fn reading(&self, as_of: Option<i64>, include: Include) -> Result<Reading, Error> {
        if include == Include::Provisional {
            self.unpublished()?;
        }
        Ok(Reading::of(as_of, include))
    }

    /// Refuses strangers what is not published.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`].
    pub fn unpublished(&self) -> Result<(), Error> {
        if self.caller.is_stranger() {
            return Err(Error::Unauthenticated {
                message: "sign in to read what is not published".to_owned(),
                hint: "send the header authorization: Bearer TOKEN; published figures are read without".to_owned(),
            });
        }
        Ok(())
    }

    /// Whether everything may be read: nothing needs to be looked at one by one then.
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.reach.is_all()
    }

    /// What tells two sights of one version apart: part of the key of everything that is kept for later.
    #[must_use]
    pub fn key(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.reach.hash(&mut hasher);
        hasher.finish()
    }

    /// Whether anything of an organisation may be read.
    #[must_use]
    pub fn sees_org(&self, org: u32) -> bool {
        self.reach.has_org(org)
    }

    /// Whether anything of an indicator may be read.
    #[must_use]
    pub fn sees_indicator(&self, indicator: i64) -> bool {
        self.is_all() || self.theme(indicator).is_some_and(|theme| self.reach.has_theme(theme))
    }

    /// Whether figures of an indicator and organisation may be read.
    #[must_use]
    pub fn sees(&self, indicator: i64, org: u32) -> bool {
        self.is_all() || self.theme(indicator).is_some_and(|theme| self.reach.has(theme, org))
    }

    /// The same by the organisation's key.
    #[must_use]
    pub fn sees_id(&self, indicator: i64, org: i64) -> bool {
        self.is_all() || self.ordinal(org).is_some_and(|org| self.sees(indicator, org))
    }

    /// Whether everything of an organisation may be read, of all themes.
    #[must_use]
    pub fn sees_whole(&self, org: u32) -> bool {
        self.reach.has_whole_org(org)
    }

    /// The same by the organisation's key.
    #[must_use]
    pub fn sees_whole_id(&self, org: i64) -> bool {
        self.is_all() || self.ordinal(org).is_some_and(|org| self.sees_whole(org))
    }

    /// Whether a submission may be read: of its theme, or of all themes where it has none, since its thread may speak of any.
    #[must_use]
    pub fn sees_submission(&self, submission: &submission::Model) -> bool {
        let Some(org) = self.ordinal(submission.org_id) else {
            return self.is_all();
        };
        match submission.theme_id {
            0 => self.sees_whole(org),
            theme => self.reach.has(theme, org),
        }
    }

    /// Refuses whoever may read a part of the themes only: evaluations are over all of them.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn need_whole(&self) -> Result<(), Error> {
        if self.reach.has_whole() {
            return Ok(());
        }
        Err(Error::Forbidden {
            message: "evaluations take a grant over all themes".to_owned(),
            hint: Some("your grants are for some themes: ask an administrator".to_owned()),
        })
    }

    /// Of the organisations that were chosen for `indicators`, those that may be read; one that was named and may not is refused. Where grants differ by theme
    /// so that some may be read for a part of the indicators only, that is said, and nothing is left out in silence.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub(in crate::service) fn orgs(
        &self,
        mut chosen: Vec<u32>,
        are_named: bool,
        indicators: &[i64],
    ) -> Result<Vec<u32>, Error> {
        if self.is_all() {
            return Ok(chosen);
        }
        let mut themes: Vec<i64> = indicators.iter().filter_map(|id| self.theme(*id)).collect();
        themes.sort_unstable();
        themes.dedup();
        let some = |org: u32| match themes.as_slice() {
            [] => self.reach.has_org(org),
            themes => themes.iter().any(|theme| self.reach.has(*theme, org)),
        };
        if are_named && let Some(outside) = chosen.iter().find(|org| !some(**org)) {
            return Err(self.outside(*outside));
        }
        chosen.retain(|org| some(*org));
        let partly = chosen
            .iter()
            .find(|org| !themes.iter().all(|theme| self.reach.has(*theme, **org)));
        match partly {
            None => Ok(chosen),
            Some(org) => Err(Error::Forbidden {
                message: format!("of `{}` you may read a part of these indicators only", self.code(*org)),
                hint: Some("ask for the indicators of one theme at a time".to_owned()),
            }),
        }
    }

    /// Refuses an organisation that may not be read.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub fn need(&self, indicators: &[i64], org: u32) -> Result<(), Error> {
        self.orgs(vec![org], true, indicators).map(|_| ())
    }

    /// Of the indicators that were chosen, those that may be read; one that was named and may not is refused.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub(in crate::service) fn indicators(&self, mut chosen: Vec<i64>, are_named: bool) -> Result<Vec<i64>, Error> {
        if self.is_all() {
            return Ok(chosen);
        }
        if are_named && let Some(outside) = chosen.iter().find(|id| !self.sees_indicator(**id)) {
            let code = self.snapshot.catalog.indicator(*outside).map(|row| row.code.as_str());
            return Err(Error::Forbidden {
                message: format!("you may not read the indicator `{}`", code.unwrap_or_default()),
                hint: Some("your grants are for other themes: ask an administrator".to_owned()),
            });
        }
        chosen.retain(|id| self.sees_indicator(*id));
        Ok(chosen)
    }

    /// The refusal of an organisation that may not be read.
    pub(in crate::service) fn outside(&self, org: u32) -> Error {
        Error::Forbidden {
            message: format!("you may not read `{}`", self.code(org)),
            hint: Some("orgUnits lists the organisations that you may read".to_owned()),
        }
    }

    fn ordinal(&self, org: i64) -> Option<u32> {
        self.snapshot.catalog.tree().ordinal(org)
    }

    fn code(&self, org: u32) -> &str {
        self.snapshot.catalog.org(org).map_or("", |org| org.code.as_str())
    }

    fn theme(&self, indicator: i64) -> Option<i64> {
        self.snapshot.catalog.indicator(indicator).map(|row| row.theme_id)
    }
}
