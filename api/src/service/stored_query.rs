//! Queries under a name: defined, replaced, removed and found.

use entity::stored_query::{self, Model, New};
use serde_json::json;

use super::Service;
use super::access::{Act, Caller};
use super::audit::{Event, record};
use crate::error::Error;

/// Characters of a name at most.
const LONGEST: usize = 80;

/// What is to be stored.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The name in its address.
    pub name: String,
    /// The text of the query.
    pub document: String,
    /// The way to the list, where there are several.
    pub path: Option<String>,
    /// What it is for.
    pub note: Option<String>,
    /// Who defines it.
    pub caller: Caller,
    /// Take the place of the one that has this name.
    pub replace: bool,
}

impl Service {
    /// All stored queries, by name.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the database cannot be asked.
    pub async fn stored_queries(&self) -> Result<Vec<Model>, Error> {
        let mut all = stored_query::all(&self.db).await?;
        all.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(all)
    }

    /// The stored query of a name.
    ///
    /// # Errors
    /// [`Error::NotFound`] with the names there are.
    pub async fn stored_query(&self, name: &str) -> Result<Model, Error> {
        match stored_query::by_name(&self.db, name).await? {
            Some(found) => Ok(found),
            None => Err(unknown(name)),
        }
    }

    /// Stores a query that was checked against the schema.
    ///
    /// # Errors
    /// [`Error::Input`] for a name that fits no address, [`Error::Conflict`] for one that is taken.
    pub async fn define_stored_query(&self, definition: Definition) -> Result<Model, Error> {
        let Definition {
            name, caller, replace, ..
        } = &definition;
        let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
        if name.is_empty() || name.len() > LONGEST || !name.chars().all(is_plain) {
            return Err(Error::input(
                "the name fits no address",
                "write small letters a to z, digits, - and _, as street-petitions",
            ));
        }
        caller.may(Act::Publish)?;
        let tx = self.db.begin_write().await?;
        let known = stored_query::by_name(&tx, name).await?;
        let new = New {
            name: name.clone(),
            document: definition.document.clone(),
            path: definition.path.clone(),
            note: definition.note.clone(),
            author: caller.author(),
            updated_at: tx.now().await?,
        };
        match known {
            Some(known) if *replace => stored_query::update(&tx, known.id, new).await?,
            Some(_) => {
                return Err(Error::Conflict {
                    message: format!("there is a stored query `{name}` already"),
                    hint: Some("take another name, or set replace: true".to_owned()),
                });
            }
            None => {
                stored_query::insert(&tx, new).await?;
            }
        }
        let stored = stored_query::by_name(&tx, name).await?;
        let event = Event::new("define_stored_query", format!("stored query {name}"))
            .after(json!({ "document": definition.document }));
        record(&tx, caller, event).await?;
        tx.commit().await?;
        stored.ok_or_else(|| Error::internal("the stored query is not there"))
    }

    /// Removes a stored query; its address gives nothing from then on.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn delete_stored_query(&self, caller: &Caller, name: &str) -> Result<(), Error> {
        caller.may(Act::Publish)?;
        let tx = self.db.begin_write().await?;
        let Some(known) = stored_query::by_name(&tx, name).await? else {
            return Err(unknown(name));
        };
        stored_query::delete(&tx, known.id).await?;
        let event = Event::new("delete_stored_query", format!("stored query {name}"))
            .before(json!({ "document": known.document }));
        record(&tx, caller, event).await?;
        tx.commit().await?;
        Ok(())
    }
}

fn unknown(name: &str) -> Error {
    Error::NotFound {
        what: "stored query",
        name: name.chars().take(LONGEST).collect(),
        hint: Some("storedQueries lists them".to_owned()),
    }
}
