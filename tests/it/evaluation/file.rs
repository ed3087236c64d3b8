//! The same values stand in the API, the workbook, the document, the rows and the JSON.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use serde_json::{Value, json};
use tests::db::TestDb;
use tests::suite;

use super::{CUIZHU, GUANHU, MINZHI, SUNGANG, publish, serve};

suite!(Catalog: all_files_and_the_api_agree, a_self_score_stands_in_the_rows, a_report_holds_the_items_of_its_own_organisation, addresses_are_read_and_refused, a_sealed_run_gives_the_same_file_for_ever);

async fn all_files_and_the_api_agree(db: TestDb) {
    let app = serve(&db).await;
    let query = "{ evaluation(framework: \"small\", period: \"2025\") { units { orgUnit { code name } standing { score } nodes { node { code } points } } } }";
    let data = app.data(query, json!({})).await;
    let units = data["evaluation"]["units"].as_array().unwrap();
    let json: Value = app.get("/export/evaluation/small/2025.json").await.json();
    let csv = app.get("/export/evaluation/small/2025.csv").await;
    let workbook = app.get("/export/evaluation/small/2025.xlsx").await;
    let document = app.get("/export/evaluation/small/2025.docx").await;
    for answer in [&csv, &workbook, &document] {
        assert_eq!(answer.status, 200);
        assert!(answer.header("content-disposition").unwrap().contains("small-2025."));
    }
    let (rows, sheet, text) = (rows(&csv.body), sheet(&workbook.body), words(&document.body));
    for unit in units {
        let (code, name) = (
            unit["orgUnit"]["code"].as_str().unwrap(),
            unit["orgUnit"]["name"].as_str().unwrap(),
        );
        let score = unit["standing"]["score"].as_f64().unwrap();
        let sealed = json["evaluation"]["units"]
            .as_array()
            .unwrap()
            .iter()
            .find(|unit| unit["org"] == code)
            .unwrap();
        assert_eq!(
            sealed["now"]["published"].as_str().unwrap().parse::<f64>().unwrap(),
            score
        );
        let total = rows.iter().find(|row| row.0 == code && row.1.is_empty()).unwrap();
        assert_eq!(total.2.parse::<f64>().unwrap(), score);
        let line = sheet
            .iter()
            .find(|line| line.iter().any(|cell| cell == &Data::String(name.to_owned())))
            .unwrap();
        assert!(line.contains(&Data::Float(score)), "{name}: {line:?}");
        assert!(text.contains(name), "{name}");
        assert!(text.contains(&format!("{score:.2}")), "{name} {score:.2}");
        for node in unit["nodes"].as_array().unwrap() {
            let row = rows
                .iter()
                .find(|row| row.0 == code && node["node"]["code"] == row.1.as_str())
                .unwrap();
            let points = node["points"].as_f64();
            assert_eq!(
                row.2.parse::<f64>().ok().map(|points| (points * 1e9).round()),
                points.map(|points| (points * 1e9).round())
            );
        }
    }
    let codes = [SUNGANG, CUIZHU, GUANHU, MINZHI];
    assert!(codes.iter().all(|code| rows.iter().any(|row| row.0 == *code)));
}

/// Organisation, node and points of each row; of a total as published.
fn rows(bytes: &[u8]) -> Vec<(String, String, String)> {
    let mut reader = csv::Reader::from_reader(bytes);
    let heads = reader.headers().unwrap().clone();
    let column = |name: &str| heads.iter().position(|head| head == name).unwrap();
    let (org, node) = (column("org_code"), column("node_code"));
    let (points, published) = (column("points"), column("published"));
    let row = |record: csv::StringRecord| {
        let told = if record[node].is_empty() { published } else { points };
        (record[org].to_owned(), record[node].to_owned(), record[told].to_owned())
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// The cells of the first sheet.
fn sheet(bytes: &[u8]) -> Vec<Vec<Data>> {
    let mut workbook: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).unwrap();
    let range = workbook.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

/// The text of a document.
fn words(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    archive
        .by_name("word/document.xml")
        .unwrap()
        .read_to_string(&mut xml)
        .unwrap();
    let mut text = String::new();
    for part in xml.split('<') {
        text.push_str(part.split_once('>').map_or("", |(_, text)| text));
    }
    text
}

async fn a_self_score_stands_in_the_rows(db: TestDb) {
    let app = serve(&db).await;
    let mark = "mutation ($input: MarkEvaluationInput!) { markEvaluation(input: $input) { marked } }";
    let input = json!({ "input": { "framework": "small", "period": "2025", "stage": "SELF_SCORE",
        "marks": [{ "org": SUNGANG, "node": "drills", "points": 0.5 }] } });
    app.data(mark, input).await;
    let csv = app.get("/export/evaluation/small/2025.csv").await;
    let mut reader = csv::Reader::from_reader(&csv.body[..]);
    let rows: Vec<HashMap<String, String>> = reader.deserialize().map(Result::unwrap).collect();
    let scored: Vec<&HashMap<String, String>> = rows.iter().filter(|row| !row["self_score"].is_empty()).collect();
    assert_eq!(scored.len(), 1);
    let told = ["org_code", "node_code", "self_score"].map(|column| scored[0][column].as_str());
    assert_eq!(told, [SUNGANG, "drills", "0.5"]);
}

async fn a_report_holds_the_items_of_its_own_organisation(db: TestDb) {
    let app = serve(&db).await;
    let set = "mutation ($input: SetRectificationsInput!) { setRectifications(input: $input) { numbers } }";
    let item =
        json!({ "kind": "PROBLEM", "org": SUNGANG, "year": 2025, "title": "驻队律师经费偏低", "owner": "司法所" });
    app.data(set, json!({ "input": { "items": [item] } })).await;
    let district = "shenzhen-luohu";
    for (org, holds, names) in [
        (SUNGANG, true, false),
        (CUIZHU, false, false),
        // It is above those that are scored: theirs are its own, each with its name.
        (district, true, true),
    ] {
        let address = format!("/export/evaluation/small/2025.docx?report={org}");
        let text = words(&app.get(&address).await.body);
        assert_eq!(text.contains("驻队律师经费偏低"), holds, "{org}: {text}");
        assert_eq!(text.contains("单位：深圳市罗湖区笋岗街道"), names, "{org}: {text}");
    }
}

async fn addresses_are_read_and_refused(db: TestDb) {
    let app = serve(&db).await;
    let cases = [
        (
            "/export/evaluation/small/2025.pdf",
            400,
            "the forms are xlsx, docx, csv, json",
        ),
        ("/export/evaluation/small/soon.csv", 400, "2021-01_2021-09.xlsx"),
        ("/export/evaluation/none/2025.csv", 404, "frameworks lists the codes"),
        (
            "/export/evaluation/small/2025.csv?colour=red",
            400,
            "the parameters are",
        ),
        (
            "/export/evaluation/small/2025.csv?run=77",
            404,
            "evaluationRuns lists them",
        ),
        (
            "/export/evaluation/small/2025.csv?report=shenzhen-luohu",
            400,
            "ask for .docx",
        ),
        ("/export/evaluation/small/1999.csv", 400, "availability"),
    ];
    for (address, status, hint) in cases {
        let answer = app.get(address).await;
        assert_eq!(answer.status, status, "{address}: {}", answer.text());
        assert!(answer.text().contains(hint), "{address}: {}", answer.text());
    }
    let chinese = app.get("/export/evaluation/small/2025.csv?labels=zh&bom=1").await;
    assert!(chinese.text().starts_with("\u{feff}考评方案"), "{}", chinese.text());
    let one = app
        .get(&format!("/export/evaluation/small/2025.csv?org={SUNGANG}"))
        .await;
    assert!(rows(&one.body).iter().all(|row| row.0 == SUNGANG));
    let report = app
        .get(&format!("/export/evaluation/small/2025.docx?report={SUNGANG}"))
        .await;
    let text = words(&report.body);
    for wanted in ["一、主要举措和成效", "五、其他需要报告的情况", "同比上升 10 个百分点"] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
}

async fn a_sealed_run_gives_the_same_file_for_ever(db: TestDb) {
    let app = serve(&db).await;
    let run = publish(&app).await;
    let forms = ["csv", "json", "xlsx", "docx"];
    let address = |form: &str| format!("/export/evaluation/small/2025.{form}?run={run}");
    let mut before = Vec::new();
    for form in forms {
        let answer = app.get(&address(form)).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        before.push((answer.header("etag").unwrap().to_owned(), answer.body));
    }
    super::take(&app, &[(super::RESOLVED, SUNGANG, "2025", "99", "宗")]).await;
    for (form, (tag, body)) in forms.into_iter().zip(before) {
        let answer = app.get(&address(form)).await;
        assert_eq!(answer.header("etag"), Some(tag.as_str()), "{form}");
        assert_eq!(answer.body, body, "{form}");
        let known = app.client().get_with(&address(form), &[("if-none-match", &tag)]).await;
        assert_eq!((known.status, known.body.len()), (304, 0));
    }
}
