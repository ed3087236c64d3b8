//! Rankings, series, decompositions, availability, findings and targets through the API, and that their cost in queries does not grow with their size.

mod finding;
mod hierarchy;
mod ranking;
mod target;
mod trend;

use api::service::access::Caller;
use api::service::import::{Content, Options};
use entity::choice::RevisionReason;
use tests::app::TestApp;
use tests::db::TestDb;

const GUANHU: &str = "shenzhen-longhua-guanhu";
const MINZHI: &str = "shenzhen-longhua-minzhi";
const SUNGANG: &str = "shenzhen-luohu-sungang";
const CUIZHU: &str = "shenzhen-luohu-cuizhu";

/// A server over the catalogue and some figures: indicator, organisation, period, value, unit.
async fn serve(db: &TestDb, figures: &[(&str, &str, &str, &str, &str)]) -> TestApp {
    let app = TestApp::start(db).await;
    take(&app, figures, Content::Figures).await;
    app
}

async fn take(app: &TestApp, rows: &[(&str, &str, &str, &str, &str)], content: Content) {
    let mut file = "indicator,org,period,value,unit\n".to_owned();
    for (indicator, org, period, value, unit) in rows {
        file.push_str(&format!("{indicator},{org},{period},{value},{unit}\n"));
    }
    let options = Options {
        content,
        commit: true,
        caller: Caller::operator("test"),
        reason: Some(RevisionReason::Late),
        ..Options::default()
    };
    app.service()
        .import("rows.csv", file.as_bytes(), &options)
        .await
        .unwrap();
}
