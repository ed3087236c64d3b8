//! What files may not change once figures are stored: nothing that would give those another meaning.

use api::service::Service;
use api::service::access::Caller;
use api::service::import::Options;
use tests::db::TestDb;
use tests::fixture::{CatalogFiles, Row, csv};
use tests::suite;

use super::try_apply::{apply, try_apply};

suite!(Tables: stored_figures_keep_their_meaning, without_figures_an_indicator_may_become_another);

/// The small catalogue with a figure of `received`.
async fn filled(service: &Service) {
    apply(service, &CatalogFiles::small().files()).await;
    let file = csv(&[Row::new("received", "street", "2021", "5")]);
    let options = Options {
        commit: true,
        caller: Caller::operator("tester"),
        reason: None,
        again: false,
        ..Options::default()
    };
    service.import("figures.csv", file.as_bytes(), &options).await.unwrap();
}

async fn stored_figures_keep_their_meaning(db: TestDb) {
    let service = db.service().await;
    filled(&service).await;
    let before = db.contents().await;
    let cases = [
        (
            CatalogFiles::small().replace(
                "indicators.toml",
                "code = \"received\"\nkind = \"COUNT\"",
                "code = \"received\"\nkind = \"SCORE\"",
            ),
            "indicators.toml:3 [kind]: `received` has 1 figures; another kind would change what they mean \
             — give the new indicator a code of its own",
        ),
        (
            CatalogFiles::small()
                .replace(
                    "indicators.toml",
                    "code = \"received\"\nkind = \"COUNT\"\ntheme = \"disputes\"\nunit = \"case\"",
                    "code = \"received\"\nkind = \"COUNT\"\ntheme = \"disputes\"\nunit = \"person\"",
                )
                .replace("indicators.toml", "formula = \"received - resolved\"", "formula = \"resolved + resolved\"")
                .replace("indicators.toml", "denominator = \"received\"", "denominator = \"resolved\""),
            "indicators.toml:5 [unit]: `received` has 1 figures; another unit would change what they mean \
             — give the new indicator a code of its own",
        ),
        (
            CatalogFiles::small().replace("units.toml", "scale = \"10000\"", "scale = \"1000\""),
            "units.toml:25 [scale]: unit `wan_yuan` is stored as 10000 of money \
             — a unit keeps its quantity and scale; give the new one a code of its own",
        ),
        (
            CatalogFiles::small().replace(
                "indicators.toml",
                "[[indicator.version]]\nfrom = \"2022\"\ndefinition = { zh = \"含专项经费\", en = \"with earmarked money\" }\n",
                "",
            ),
            "indicators.toml:59 [version]: `budget` has 2 definitions, the file 1 \
             — definitions are history: keep the old ones and add the new one below",
        ),
    ];
    for (files, expected) in cases {
        let problems = try_apply(&service, &files.files()).await.unwrap_err();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(told, [expected]);
        assert_eq!(db.contents().await, before);
    }
}

async fn without_figures_an_indicator_may_become_another(db: TestDb) {
    let service = db.service().await;
    filled(&service).await;
    let score = CatalogFiles::small().replace(
        "indicators.toml",
        "code = \"resolved\"\nkind = \"COUNT\"",
        "code = \"resolved\"\nkind = \"SCORE\"",
    );
    let report = apply(&service, &score.files()).await;
    assert_eq!(report.updated, ["indicator resolved"]);
}
