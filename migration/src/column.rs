//! The column and constraint shapes that the migrations share; frozen with them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

/// Whether the statements go to PostgreSQL.
pub(crate) fn is_postgres(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == DbBackend::Postgres
}

/// `CHECK (column IN (…))`, named `table_column`.
pub(crate) fn one_of(table: &str, column: &'static str, codes: &[&'static str]) -> Check {
    let allowed = Expr::col(column).is_in(codes.iter().copied());
    Check::named(Alias::new(format!("{table}_{column}")), allowed)
}

/// A foreign key to `parent.id`, named `table_column`.
pub(crate) fn reference(table: &'static str, column: &'static str, parent: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_{column}"))
        .from(table, column)
        .to(parent, "id")
        .take()
}

/// A unique index over plain columns.
pub(crate) fn unique(name: &str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    index(name, table, columns).unique().take()
}

/// An index over plain columns.
pub(crate) fn index(name: &str, table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create();
    index.name(name).table(table);
    for column in columns {
        index.col(*column);
    }
    index
}

/// Drops the tables, in this order.
pub(crate) async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).take()).await?;
    }
    Ok(())
}
