//! What a database says of its own tables: columns with type and nullability, keys and references, one line each.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement};

/// The lines of each table.
pub(super) type Shape = BTreeMap<String, BTreeSet<String>>;

const SQLITE_TABLES: &str = "SELECT name AS subject, '' AS line FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
const SQLITE_COLUMNS: &str = r#"SELECT t.name AS subject, c.name AS name, c.type AS type, c."notnull" = 0 AND c.pk = 0 AS nullable
    FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'"#;
const SQLITE_PRIMARY: &str = "SELECT t.name AS subject, 'primary key ' || c.name AS line
    FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.pk > 0";
const SQLITE_UNIQUE: &str = r#"SELECT t.name AS subject,
        'unique (' || (SELECT group_concat(coalesce(k.name, 'an expression'), ', ') FROM pragma_index_info(i.name) k) || ')'
            || CASE i.partial WHEN 1 THEN ' of some rows' ELSE '' END AS line
    FROM sqlite_schema t, pragma_index_list(t.name) i WHERE t.type = 'table' AND i."unique" = 1 AND i.origin <> 'pk'"#;
const SQLITE_REFERENCES: &str = r#"SELECT t.name AS subject, f."from" || ' refers to ' || f."table" || '.' || f."to" AS line
    FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'"#;

const POSTGRES_TABLES: &str =
    "SELECT tablename::text AS subject, '' AS line FROM pg_tables WHERE schemaname = 'public'";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text AS subject, column_name::text AS name, data_type::text AS type,
        is_nullable = 'YES' AS nullable
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'";
const POSTGRES_KEYS: &str = "SELECT t.relname::text AS subject,
        CASE WHEN i.indisprimary THEN 'primary key ' || keys.names
            ELSE 'unique (' || keys.names || ')' || CASE WHEN i.indpred IS NULL THEN '' ELSE ' of some rows' END END AS line
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace,
        LATERAL (SELECT string_agg(coalesce(a.attname, 'an expression'), ', ' ORDER BY k.place) AS names
            FROM unnest(i.indkey) WITH ORDINALITY AS k(number, place)
            LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0) keys
    WHERE n.nspname = 'public' AND i.indisunique";
const POSTGRES_REFERENCES: &str = "SELECT t.relname::text AS subject,
        a.attname || ' refers to ' || parent.relname || '.' || b.attname AS line
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class parent ON parent.oid = c.confrelid
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
        JOIN pg_attribute b ON b.attrelid = parent.oid AND b.attnum = c.confkey[1]
    WHERE c.contype = 'f'";

/// Reads all tables.
pub(super) async fn shape(connection: &DatabaseConnection) -> Shape {
    let is_sqlite = connection.get_database_backend() == DbBackend::Sqlite;
    let (columns, others): (_, &[&str]) = if is_sqlite {
        let others = &[SQLITE_TABLES, SQLITE_PRIMARY, SQLITE_UNIQUE, SQLITE_REFERENCES];
        (SQLITE_COLUMNS, others)
    } else {
        (POSTGRES_COLUMNS, &[POSTGRES_TABLES, POSTGRES_KEYS, POSTGRES_REFERENCES])
    };
    let mut shape = Shape::new();
    for row in rows(connection, columns).await {
        let (name, kind) = (text(&row, "name"), text(&row, "type"));
        let nullable = row.try_get::<bool>("", "nullable").unwrap();
        let kind = if is_sqlite { affinity(&kind) } else { class(&kind) };
        let line = format!("{name} {kind}{}", if nullable { " or null" } else { "" });
        shape.entry(text(&row, "subject")).or_default().insert(line);
    }
    for query in others {
        for row in rows(connection, query).await {
            let line = text(&row, "line");
            let lines = shape.entry(text(&row, "subject")).or_default();
            lines.extend(Some(line).filter(|line| !line.is_empty()));
        }
    }
    shape.remove("sqlite_sequence");
    shape
}

async fn rows(connection: &DatabaseConnection, query: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(connection.get_database_backend(), query);
    connection.query_all_raw(statement).await.unwrap()
}

fn text(row: &QueryResult, column: &str) -> String {
    row.try_get("", column).unwrap()
}

/// What SQLite makes of a declared type: <https://www.sqlite.org/datatype3.html#determination_of_column_affinity>.
fn affinity(declared: &str) -> &str {
    let declared = declared.to_ascii_uppercase();
    let has = |words: &[&str]| words.iter().any(|word| declared.contains(word));
    if has(&["INT"]) {
        "INTEGER"
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        "TEXT"
    } else if has(&["BLOB"]) || declared.is_empty() {
        "BLOB"
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        "REAL"
    } else {
        "NUMERIC"
    }
}

/// PostgreSQL keeps `varchar` without a length and `text` alike; entities say the one, migrations the other.
fn class(declared: &str) -> &str {
    match declared {
        "character varying" => "text",
        other => other,
    }
}
