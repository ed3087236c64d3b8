//! Who is evaluated: the organisations of the tracks that exist in the period, each in one track.

use std::collections::BTreeMap;

use analytics::period::Period;

use crate::error::Error;
use crate::service::catalog::Catalog;
use crate::service::framework::{Scheme, selector};

/// An organisation and its track.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Its ordinal.
    pub(super) org: u32,
    /// Place of its track.
    pub(super) track: usize,
}

/// Everybody in the tracks, by track and place in the tree.
pub(super) fn population(scheme: &Scheme, catalog: &Catalog, period: Period) -> Result<Vec<Member>, Error> {
    let mut tracks: BTreeMap<u32, usize> = BTreeMap::new();
    for (track, entry) in scheme.entry.track.iter().enumerate() {
        for org in selector(entry)?.defined(catalog, Some(period))? {
            if !catalog.tree().exists(org, period) {
                continue;
            }
            if let Some(other) = tracks.insert(org, track) {
                let name = catalog.org(org).map_or("", |org| org.code.as_str());
                let codes = [other, track].map(|track| scheme.core.tracks.get(track).cloned().unwrap_or_default());
                return Err(Error::Conflict {
                    message: format!("`{name}` is in two tracks, `{}` and `{}`", codes[0], codes[1]),
                    hint: Some("define a new version of the framework whose tracks have nobody in common".to_owned()),
                });
            }
        }
    }
    let mut members: Vec<Member> = tracks.into_iter().map(|(org, track)| Member { org, track }).collect();
    members.sort_by_key(|member| (member.track, member.org));
    Ok(members)
}
