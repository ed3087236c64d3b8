//! Organisations and their parents in time.

use std::collections::HashMap;

use entity::choice::OrgLevel;
use entity::{org_parent, org_unit};

use super::run::{Run, month, save};
use crate::error::Error;
use crate::intake::catalog::entry::{Catalog, Placed};

impl Run<'_> {
    pub(super) async fn orgs(&mut self, catalog: &Catalog) -> Result<(), Error> {
        let stored: HashMap<String, (i64, org_unit::New)> = org_unit::all(self.tx)
            .await?
            .iter()
            .map(|row| (row.code.clone(), (row.id, row.into())))
            .collect();
        for Placed { entry, .. } in &catalog.orgs {
            let wanted = org_unit::New {
                code: entry.code.get_ref().clone(),
                level: level(entry.level.get_ref())?,
                name_zh: entry.name.zh.clone(),
                name_en: entry.name.en.clone(),
                valid_from: month(entry.from.as_ref()),
                valid_to: month(entry.to.as_ref()),
            };
            let id = save!(
                self,
                org_unit,
                format!("org {}", entry.code.get_ref()),
                stored.get(entry.code.get_ref()),
                wanted
            );
            self.remember("org", &entry.code, id);
        }
        self.keep("org", stored.into_keys());
        Ok(())
    }

    /// The parents of an organisation are exactly those of its entry; rows of organisations that are not in the files stay.
    pub(super) async fn parents(&mut self, catalog: &Catalog) -> Result<(), Error> {
        let mut stored: HashMap<i64, Vec<(i64, org_parent::New)>> = HashMap::new();
        for row in org_parent::all(self.tx).await? {
            stored.entry(row.org_id).or_default().push((row.id, (&row).into()));
        }
        for Placed { entry, .. } in &catalog.orgs {
            let org_id = self.id("org", &entry.code)?;
            let mut wanted = Vec::new();
            if let Some(parent) = &entry.parent {
                wanted.push(org_parent::New {
                    org_id,
                    parent_id: self.id("org", parent)?,
                    valid_from: None,
                    valid_to: None,
                });
            }
            for parent in &entry.parents {
                let (valid_from, valid_to) = (month(parent.from.as_ref()), month(parent.to.as_ref()));
                wanted.push(org_parent::New {
                    org_id,
                    parent_id: self.id("org", &parent.org)?,
                    valid_from,
                    valid_to,
                });
            }
            let had = stored.remove(&org_id).unwrap_or_default();
            let gone: Vec<i64> = had
                .iter()
                .filter(|(_, row)| !wanted.contains(row))
                .map(|(id, _)| *id)
                .collect();
            let new: Vec<org_parent::New> = wanted
                .into_iter()
                .filter(|row| !had.iter().any(|(_, stored)| stored == row))
                .collect();
            if gone.is_empty() && new.is_empty() {
                continue;
            }
            if !gone.is_empty() || !had.is_empty() {
                self.report.updated.push(format!("parents of {}", entry.code.get_ref()));
            }
            for id in gone {
                org_parent::delete(self.tx, id).await?;
            }
            for row in new {
                org_parent::insert(self.tx, row).await?;
            }
        }
        Ok(())
    }
}

fn level(text: &str) -> Result<OrgLevel, Error> {
    Ok(match text {
        "PROVINCE" => OrgLevel::Province,
        "CITY" => OrgLevel::City,
        "DISTRICT" => OrgLevel::District,
        "STREET" => OrgLevel::Street,
        "COMMUNITY" => OrgLevel::Community,
        "DEPARTMENT" => OrgLevel::Department,
        other => {
            return Err(Error::internal(format!(
                "the checked catalogue has no such level as `{other}`"
            )));
        }
    })
}
