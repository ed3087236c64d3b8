//! Stored queries: GraphQL queries that are files under a permanent address.

use async_graphql::{Context, InputObject, Object, Result, SimpleObject};
use entity::stored_query::Model;

use crate::graphql::context::Ask;
use crate::graphql::scalar::time::DateTime;
use crate::service::stored_query::Definition;

/// A query under a name. Its rows are at `/q/NAME.csv`, and in the same way as xlsx, parquet, arrow and json; its variables are parameters of the address.
#[derive(SimpleObject)]
pub(crate) struct StoredQuery {
    /// Name in its address.
    name: String,
    /// Text of the query.
    query: String,
    /// Way to the list that becomes the table; null where the query has one list only.
    path: Option<String>,
    /// What it is for.
    note: Option<String>,
    /// Who defined it last.
    author: String,
    /// When it was defined last.
    updated_at: Option<DateTime>,
    /// Address of the table, without its end.
    address: String,
}

impl From<Model> for StoredQuery {
    fn from(model: Model) -> Self {
        Self {
            address: format!("/q/{}", model.name),
            name: model.name,
            query: model.document,
            path: model.path,
            note: model.note,
            author: model.author,
            updated_at: DateTime::from_micros(model.updated_at),
        }
    }
}

/// A query that is to have a name.
#[derive(InputObject)]
struct DefineStoredQueryInput {
    /// Name in its address: small letters, digits, `-` and `_`.
    name: String,
    /// Text of the query: one operation, with a name.
    query: String,
    /// Way to the list that becomes the table, as keys with dots; needed where the query has several lists.
    path: Option<String>,
    /// What it is for.
    note: Option<String>,
    /// For whom the caller says to do it; the author is the caller.
    on_behalf_of: Option<String>,
    /// Take the place of the stored query of this name.
    #[graphql(default)]
    replace: bool,
}

/// The query as it is stored.
#[derive(SimpleObject)]
struct DefineStoredQueryPayload {
    /// Stored query.
    stored_query: StoredQuery,
    /// Names of the table's columns.
    columns: Vec<String>,
}

/// A query that is to lose its name.
#[derive(InputObject)]
struct DeleteStoredQueryInput {
    /// Its name.
    name: String,
}

/// What was removed.
#[derive(SimpleObject)]
struct DeleteStoredQueryPayload {
    /// Name that gives nothing any more.
    name: String,
}

#[derive(Default)]
pub(crate) struct StoredQueryQuery;

/// Queries of stored queries.
#[Object]
impl StoredQueryQuery {
    /// All stored queries, by name.
    async fn stored_queries(&self, ctx: &Context<'_>) -> Result<Vec<StoredQuery>> {
        let all = ctx.service()?.stored_queries().await?;
        Ok(all.into_iter().map(StoredQuery::from).collect())
    }
}

#[derive(Default)]
pub(crate) struct StoredQueryMutation;

/// Mutations of stored queries.
#[Object]
impl StoredQueryMutation {
    /// Stores a query under a name. It is checked against the schema and the limits as if it were asked.
    async fn define_stored_query(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The query and its name.")] input: DefineStoredQueryInput,
    ) -> Result<DefineStoredQueryPayload> {
        let check = ctx.check()?;
        let columns = check(input.query.clone(), input.path.clone()).await?;
        let definition = Definition {
            name: input.name,
            document: input.query,
            path: input.path,
            note: input.note,
            caller: ctx.caller()?.on_behalf(input.on_behalf_of.as_deref())?,
            replace: input.replace,
        };
        let stored = ctx.service()?.define_stored_query(definition).await?;
        Ok(DefineStoredQueryPayload {
            stored_query: stored.into(),
            columns,
        })
    }

    /// Removes a stored query; its address gives nothing from then on.
    async fn delete_stored_query(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] input: DeleteStoredQueryInput,
    ) -> Result<DeleteStoredQueryPayload> {
        ctx.service()?.delete_stored_query(ctx.caller()?, &input.name).await?;
        Ok(DeleteStoredQueryPayload { name: input.name })
    }
}
