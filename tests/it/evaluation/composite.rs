//! Published composite scores come out of their parts through ordinary files: a catalogue, a framework, figures.

use api::intake::catalog::read;
use api::service::import::Options;
use serde_json::json;
use tests::app::TestApp;
use tests::db::TestDb;
use tests::fixture::CatalogFiles;
use tests::suite;

suite!(
    Catalog: the_hotline_scores_of_six_districts_come_out_as_printed,
    the_scores_for_starting_a_business_come_out_as_printed,
);

/// A server whose catalogue also holds `more`, with `figures` in it.
async fn serve(db: &TestDb, more: &str, figures: &str) -> TestApp {
    let app = TestApp::start(db).await;
    let files = CatalogFiles::embedded().append("organisations.toml", more).files();
    let catalog = read(&files).unwrap();
    app.service()
        .apply_catalog(&api::service::access::Caller::operator("tester"), &catalog)
        .await
        .unwrap();
    let options = Options {
        commit: true,
        caller: api::service::access::Caller::operator("test"),
        ..Options::default()
    };
    let report = app.service().import("figures.csv", figures.as_bytes(), &options).await;
    report.unwrap_or_else(|error| panic!("{error:?}"));
    app
}

/// Published scores by organisation.
async fn scores(app: &TestApp, framework: &str, period: &str) -> Vec<(String, f64)> {
    let query = "query ($framework: String!, $period: Period!) { evaluation(framework: $framework, period: $period) { units { orgUnit { code } standing { score } } } }";
    let data = app
        .data(query, json!({ "framework": framework, "period": period }))
        .await;
    let units = data["evaluation"]["units"].as_array().unwrap();
    let told = |unit: &serde_json::Value| {
        (
            unit["orgUnit"]["code"].as_str().unwrap().to_owned(),
            unit["standing"]["score"].as_f64().unwrap(),
        )
    };
    units.iter().map(told).collect()
}

async fn the_hotline_scores_of_six_districts_come_out_as_printed(db: TestDb) {
    // 盘锦市 12345, January to April 2023: completion, satisfaction, on-time and callback rates in %, and the printed score.
    let printed = [
        ("dawa", "大洼区", ["98.06", "99.0", "100", "100"], 99.3),
        ("panshan", "盘山县", ["98.44", "98.37", "100", "100"], 99.2),
        ("xinglongtai", "兴隆台区", ["97.95", "98.44", "100", "99.96"], 99.1),
        ("shuangtaizi", "双台子区", ["96.21", "94.01", "100", "100"], 97.4),
        ("gaoxin", "高新技术开发区", ["100", "100", "100", "100"], 100.0),
        ("liaobin", "辽滨沿海经开区", ["99.25", "97.02", "100", "100"], 99.0),
    ];
    let rates = [
        "hotline_completion_rate",
        "hotline_satisfaction_rate",
        "hotline_on_time_rate",
        "hotline_callback_rate",
    ];
    let mut more =
        "\n[[org]]\ncode = \"panjin\"\nlevel = \"CITY\"\nname = { zh = \"盘锦市\", en = \"Panjin\" }\n".to_owned();
    let mut figures = "indicator,org,period,value,unit\n".to_owned();
    for (code, name, values, _) in printed {
        more.push_str(&format!("\n[[org]]\ncode = \"panjin-{code}\"\nlevel = \"DISTRICT\"\nname = {{ zh = \"盘锦市{name}\", en = \"{code}\" }}\nparent = \"panjin\"\n"));
        for (rate, value) in rates.iter().zip(values) {
            figures.push_str(&format!("{rate},panjin-{code},2023-01/2023-04,{value},%\n"));
        }
    }
    let app = serve(&db, &more, &figures).await;
    let node = |code: &str, weight: &str, indicator: &str| {
        format!(
            "[[framework.node]]\ncode = \"{code}\"\nweight = \"{weight}\"\nindicator = \"{indicator}\"\nrule = \"LINEAR\"\nfrom = \"0\"\nto = \"100\"\nmissing = \"BLOCK\"\n"
        )
    };
    let framework = format!(
        "[[framework]]\ncode = \"hotline\"\nversion = \"2023\"\ntotal = \"100\"\ndecimals = 1\nname = {{ zh = \"热线\", en = \"hotline\" }}
[[framework.track]]\ncode = \"districts\"\nname = {{ zh = \"区县\", en = \"districts\" }}\nwithin = \"panjin\"\n{}{}{}{}",
        node("completion", "20", rates[0]),
        node("satisfaction", "30", rates[1]),
        node("on_time", "25", rates[2]),
        node("callback", "25", rates[3]),
    );
    super::define(&app, &framework, true).await;
    let found = scores(&app, "hotline", "2023-01/2023-04").await;
    let wanted = printed.map(|(code, .., score)| (format!("panjin-{code}"), score));
    assert_eq!(found, wanted);
}

async fn the_scores_for_starting_a_business_come_out_as_printed(db: TestDb) {
    // World Bank, Doing Business: four goalposts of equal weight. Procedures, days, cost and paid-in capital in % of income per head, and the printed score.
    let printed = [
        ("afghanistan", ["3.5", "7.5", "82.3", "0"], 84.28),
        ("canada", ["2", "1.5", "0.4", "0"], 98.23),
        ("new-zealand", ["1", "0.5", "0.3", "0"], 99.96),
    ];
    let parts = [
        ("startup_procedures", "ge", "个", "18", "1"),
        ("startup_days", "startup_day", "天", "100", "0.5"),
        ("startup_cost", "startup_income_percent", "收入比", "200", "0"),
        ("startup_capital", "startup_income_percent", "收入比", "400", "0"),
    ];
    let unit = |code: &str, word: &str| {
        format!(
            "\n[[unit]]\ncode = \"{code}\"\nquantity = \"{code}\"\nscale = \"1\"\nwords = [\"{word}\"]\nlabel = {{ zh = \"{word}\", en = \"{code}\" }}\n"
        )
    };
    let mut more = unit("startup_day", "天") + &unit("startup_income_percent", "收入比");
    let mut nodes = String::new();
    for (code, unit, _, from, to) in parts {
        more.push_str(&format!("\n[[indicator]]\ncode = \"{code}\"\nkind = \"SCORE\"\ntheme = \"functions\"\nunit = \"{unit}\"\nover_orgs = \"NONE\"\nover_time = \"NONE\"\npolarity = \"LOWER_BETTER\"\ndecimals = 1\nname = {{ zh = \"{code}\", en = \"{code}\" }}\n[[indicator.version]]\ndefinition = {{ zh = \"开办企业\", en = \"starting a business\" }}\n"));
        nodes.push_str(&format!("[[framework.node]]\ncode = \"{code}\"\nweight = \"25\"\nindicator = \"{code}\"\nrule = \"LINEAR\"\nfrom = \"{from}\"\nto = \"{to}\"\nmissing = \"BLOCK\"\n"));
    }
    let mut figures = "indicator,org,period,value,unit\n".to_owned();
    for (org, values, _) in printed {
        more.push_str(&format!(
            "\n[[org]]\ncode = \"{org}\"\nlevel = \"PROVINCE\"\nname = {{ zh = \"{org}\", en = \"{org}\" }}\n"
        ));
        for ((code, _, word, ..), value) in parts.iter().zip(values) {
            figures.push_str(&format!("{code},{org},2018,{value},{word}\n"));
        }
    }
    let app = serve(&db, &more, &figures).await;
    let framework = format!(
        "[[framework]]\ncode = \"startup\"\nversion = \"2018\"\ntotal = \"100\"\nname = {{ zh = \"开办企业\", en = \"starting a business\" }}\n[[framework.track]]\ncode = \"economies\"\nname = {{ zh = \"经济体\", en = \"economies\" }}\nlevel = \"PROVINCE\"\n{nodes}"
    );
    super::define(&app, &framework, true).await;
    let found = scores(&app, "startup", "2018").await;
    let wanted = printed.map(|(org, _, score)| (org.to_owned(), score));
    assert_eq!(found, wanted);
}
