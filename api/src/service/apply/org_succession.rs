//! Which organisation followed which.

use std::collections::{HashMap, HashSet};

use entity::choice::SuccessionKind;
use entity::org_succession;

use super::run::{Run, month, save};
use crate::error::Error;
use crate::intake::catalog::entry::{Catalog, Placed};

impl Run<'_> {
    /// What follows an organisation of the files is exactly what they say; rows of organisations that are not in the files stay.
    pub(super) async fn successions(&mut self, catalog: &Catalog) -> Result<(), Error> {
        let mut stored: HashMap<(i64, i64), (i64, org_succession::New)> = org_succession::all(self.tx)
            .await?
            .iter()
            .map(|row| ((row.predecessor_id, row.successor_id), (row.id, row.into())))
            .collect();
        let mut pairs = Vec::new();
        for Placed { entry, .. } in &catalog.successions {
            let kind = kind(entry.kind.get_ref())?;
            let month = month(Some(&entry.month))
                .ok_or_else(|| Error::internal("the checked catalogue has a succession without month"))?;
            for (from, to) in entry
                .from
                .iter()
                .flat_map(|from| entry.to.iter().map(move |to| (from, to)))
            {
                let wanted = org_succession::New {
                    predecessor_id: self.id("org", from)?,
                    successor_id: self.id("org", to)?,
                    kind,
                    month,
                };
                pairs.push((format!("succession of {} by {}", from.get_ref(), to.get_ref()), wanted));
            }
        }
        let wanted: HashSet<(i64, i64)> = pairs
            .iter()
            .map(|(_, row)| (row.predecessor_id, row.successor_id))
            .collect();
        for Placed { entry, .. } in &catalog.orgs {
            let org_id = self.id("org", &entry.code)?;
            let is_gone = |pair: &(i64, i64)| pair.0 == org_id && !wanted.contains(pair);
            let gone: Vec<(i64, i64)> = stored.keys().copied().filter(is_gone).collect();
            if !gone.is_empty() {
                let label = format!("successions of {}", entry.code.get_ref());
                self.report.updated.push(label);
            }
            for (id, _) in gone.iter().filter_map(|pair| stored.remove(pair)) {
                org_succession::delete(self.tx, id).await?;
            }
        }
        for (label, wanted) in pairs {
            let known = stored.get(&(wanted.predecessor_id, wanted.successor_id));
            save!(self, org_succession, label, known, wanted);
        }
        Ok(())
    }
}

fn kind(text: &str) -> Result<SuccessionKind, Error> {
    Ok(match text {
        "SPLIT" => SuccessionKind::Split,
        "MERGE" => SuccessionKind::Merge,
        "RENAME" => SuccessionKind::Rename,
        other => {
            return Err(Error::internal(format!(
                "the checked catalogue has no such succession as `{other}`"
            )));
        }
    })
}
