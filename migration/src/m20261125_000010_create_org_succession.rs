//! Which organisation followed which.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

use crate::column::{drop_tables, one_of, reference, unique};

const TABLE: &str = "org_succession";
const KINDS: [&str; 3] = ["SPLIT", "MERGE", "RENAME"];

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let other_than_itself = Expr::col("predecessor_id").ne(Expr::col("successor_id"));
        let org_succession = Table::create()
            .table(TABLE)
            .col(big_pk_auto("id"))
            .col(big_integer("predecessor_id"))
            .col(big_integer("successor_id"))
            .col(text("kind"))
            .col(integer("month"))
            .check(one_of(TABLE, "kind", &KINDS))
            .check(Check::named("org_succession_other", other_than_itself))
            .foreign_key(&mut reference(TABLE, "predecessor_id", "org_unit"))
            .foreign_key(&mut reference(TABLE, "successor_id", "org_unit"))
            .take();
        manager.create_table(org_succession).await?;
        let once = unique("org_succession_once", TABLE, &["predecessor_id", "successor_id"]);
        manager.create_index(once).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &[TABLE]).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
