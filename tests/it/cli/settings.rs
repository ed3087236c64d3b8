//! Commands that need no figures: help, schema, settings, migrations.

use tests::db::{Holding, TestDb};
use tests::program::Said;
use tests::suite;

use crate::program::plumbline;

suite!(Nothing: migrating_twice_is_told);

async fn migrating_twice_is_told(db: TestDb) {
    let migrate = || plumbline(["migrate", "--database-url", db.url()]).run();
    let first = migrate();
    assert_eq!(first.code(), Some(0), "{first:#?}");
    assert!(
        first.out.lines().all(|line| line.starts_with("applied m")),
        "{first:#?}"
    );
    assert!(first.out.lines().count() >= 7, "{first:#?}");
    let second = migrate();
    assert_eq!(
        (second.code(), second.out.as_str()),
        (Some(0), "The database is up to date.\n"),
        "{second:#?}"
    );
}

#[test]
fn help_is_no_fault_and_names_every_command() {
    let help = plumbline(["--help"]).run();
    assert_eq!((help.code(), help.err.as_str()), (Some(0), ""), "{help:#?}");
    let commands = [
        "demo",
        "serve",
        "migrate",
        "catalog",
        "import",
        "schema",
        "check-config",
    ];
    for command in commands {
        assert!(help.out.contains(&format!("\n  {command} ")), "{command}: {}", help.out);
        let help = plumbline([command, "--help"]).run();
        assert_eq!(help.code(), Some(0), "{help:#?}");
    }
    let version = plumbline(["--version"]).run();
    assert_eq!(
        (version.code(), version.out.as_str()),
        (Some(0), "plumbline 0.1.0\n"),
        "{version:#?}"
    );
    for nonsense in [&[][..], &["dance"], &["serve", "--fast"]] {
        let said = plumbline(nonsense.iter().copied()).run();
        assert_eq!((said.code(), said.out.as_str()), (Some(2), ""), "{said:#?}");
        assert!(said.err.contains("Usage: "), "{said:#?}");
    }
}

#[test]
fn the_schema_needs_no_settings() {
    let said = plumbline(["schema"]).env("PLUMBLINE_LISTEN", "nowhere").run();
    assert_eq!((said.code(), said.err.as_str()), (Some(0), ""), "{}", said.err);
    let kept = include_str!("../../../api/schema.graphql");
    assert!(
        said.out == kept,
        "api/schema.graphql is not what `plumbline schema` prints"
    );
}

#[test]
fn settings_are_printed_without_the_password() {
    let db = TestDb::postgres(Holding::Nothing);
    let url = db.url().replace("postgres@", "ada:hunter2@");
    let said = plumbline(["check-config", "--database-url", &url])
        .env("PLUMBLINE_GRAPHQL__MAX_DEPTH", "7")
        .run();
    assert_eq!(said.code(), Some(1), "{said:#?}");
    assert!(
        said.out.contains("\ndatabase_url = postgres://ada:***@localhost/"),
        "{said:#?}"
    );
    assert!(said.out.contains("\ngraphql.max_depth = 7\n"), "{said:#?}");
    assert!(said.err.starts_with("error: cannot open PostgreSQL at "), "{said:#?}");
    assert!(!format!("{said:?}").contains("hunter2"), "{said:#?}");
}

#[test]
fn a_bad_setting_is_named_wherever_it_stands() {
    let check = || plumbline(["check-config"]);
    let named = |said: &Said, name: &str| {
        assert_eq!((said.code(), said.out.as_str()), (Some(2), ""), "{name}: {said:#?}");
        assert_eq!(said.err.matches(name).count(), 1, "`{name}` is said once: {said:#?}");
        assert!(!said.err.contains("panicked"), "{said:#?}");
    };
    named(&check().args(["--listen", "here"]).run(), "`listen`");
    named(&check().args(["--database-url", "mysql://db"]).run(), "`database_url`");
    named(
        &check().env("PLUMBLINE_GRAPHQL__MAX_PAGE", "0").run(),
        "`graphql.max_page`",
    );
    named(
        &check().env("PLUMBLINE_GRAPHQL__MAX_DEPTH", "deep").run(),
        "graphql.max_depth",
    );
    named(&check().env("PLUMBLINE_LOG__FORMAT", "xml").run(), "`log.format`");
    named(&check().args(["--config", "nowhere.toml"]).run(), "nowhere.toml");
    let files = [
        ("[graphql]\nmax_depht = 7\n", "unknown field `max_depht`"),
        ("[http]\nrequest_seconds = -1\n", "request_seconds"),
        ("listen = [\n", "plumbline.toml"),
    ];
    for (text, name) in files {
        let call = check().args(["--config", "plumbline.toml"]);
        std::fs::write(call.desk().join("plumbline.toml"), text).unwrap();
        named(&call.run(), name);
    }
}

/// The environment of a build or of another program is not ours to judge.
#[test]
fn variables_that_are_no_settings_do_not_disturb() {
    let said = plumbline(["check-config"]).env("PLUMBLINE_CI_CACHE", "elsewhere").run();
    assert_eq!(said.code(), Some(0), "{said:#?}");
}

#[test]
fn what_is_nearer_wins() {
    let call = || {
        let call = plumbline(["check-config", "--config", "plumbline.toml"]);
        let text = "listen = \"127.0.0.1:1001\"\n[graphql]\nmax_depth = 5\nmax_page = 6\n";
        std::fs::write(call.desk().join("plumbline.toml"), text).unwrap();
        call.env("PLUMBLINE_LISTEN", "127.0.0.1:1002")
            .env("PLUMBLINE_GRAPHQL__MAX_PAGE", "60")
    };
    let said = call().run();
    assert_eq!(said.code(), Some(0), "{said:#?}");
    for line in [
        "listen = 127.0.0.1:1002",
        "graphql.max_depth = 5",
        "graphql.max_page = 60",
        "graphql.max_aliases = 50",
    ] {
        assert!(said.out.lines().any(|told| told == line), "{line}: {said:#?}");
    }
    let said = call().args(["--listen", "127.0.0.1:1003"]).run();
    assert!(said.out.starts_with("listen = 127.0.0.1:1003\n"), "{said:#?}");
}
