//! How a table is transferred: tags, parts, lengths, compression, names; and what is refused.

use std::io::Read;

use tests::app::TestApp;
use tests::db::TestDb;
use tests::suite;

suite!(Figures: a_file_is_read_in_parts_and_known_by_its_tag, text_is_compressed_where_it_is_taken, a_question_that_is_none_is_refused);

async fn a_file_is_read_in_parts_and_known_by_its_tag(db: TestDb) {
    let app = TestApp::start(&db).await;
    for (form, media) in [
        ("parquet", "application/vnd.apache.parquet"),
        ("arrow", "application/vnd.apache.arrow.stream"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json; charset=utf-8"),
        (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
    ] {
        let path = format!("/export/observations.{form}?within=shenzhen");
        let whole = app.get(&path).await;
        assert_eq!((whole.status, whole.header("content-type")), (200, Some(media)));
        let head = app.client().head(&path).await;
        assert_eq!((head.status, head.body.len()), (200, 0));
        if form == "xlsx" {
            assert_eq!(head.header("accept-ranges"), Some("bytes"));
            continue;
        }
        assert_eq!(
            head.header("content-length"),
            Some(whole.body.len().to_string().as_str()),
            "{form}"
        );
        let tag = head.header("etag").unwrap().to_owned();
        assert_eq!(whole.header("etag"), Some(tag.as_str()));
        assert!(head.header("last-modified").unwrap().ends_with(" GMT"));
        let name = format!("attachment; filename=\"observations.{form}\"; filename*=UTF-8''observations.{form}");
        assert_eq!(head.header("content-disposition"), Some(name.as_str()));
        let part = app.client().get_with(&path, &[("range", "bytes=2-5")]).await;
        assert_eq!((part.status, &part.body[..]), (206, &whole.body[2..6]));
        let end = app.client().get_with(&path, &[("range", "bytes=-8")]).await;
        assert_eq!(end.body, whole.body[whole.body.len() - 8..]);
        let told = format!("bytes 2-5/{}", whole.body.len());
        assert_eq!(part.header("content-range"), Some(told.as_str()));
        let beyond = app.client().get_with(&path, &[("range", "bytes=99999999-")]).await;
        assert_eq!(beyond.status, 416);
        let known = app.client().get_with(&path, &[("if-none-match", &tag)]).await;
        assert_eq!((known.status, known.body.len()), (304, 0));
        // Who goes on reading what it began to read hears that it is another file now.
        for (wanted, status) in [(tag.as_str(), 206), ("\"other\"", 412)] {
            let part = app
                .client()
                .get_with(&path, &[("range", "bytes=2-5"), ("if-match", wanted)])
                .await;
            assert_eq!(part.status, status, "{form}");
        }
        let old = [
            ("range", "bytes=2-5"),
            ("if-unmodified-since", "Thu, 01 Jan 1970 00:00:02 GMT"),
        ];
        assert_eq!(app.client().get_with(&path, &old).await.status, 412, "{form}");
        let other = app
            .get(&format!("/export/observations.{form}?within=shenzhen-luohu"))
            .await;
        assert_ne!(other.header("etag"), Some(tag.as_str()));
    }
    // The same question to another table is another file.
    for form in ["parquet", "xlsx", "csv"] {
        let [one, other] = ["observations", "comparison"].map(|table| format!("/export/{table}.{form}?period=2021"));
        let (one, other) = (app.client().head(&one).await, app.client().head(&other).await);
        assert_eq!((one.status, other.status), (200, 200));
        assert_ne!(one.header("etag"), other.header("etag"), "{form}");
        assert_ne!(one.header("content-length"), other.header("content-length"), "{form}");
    }
}

async fn text_is_compressed_where_it_is_taken(db: TestDb) {
    let app = TestApp::start(&db).await;
    for form in ["csv", "json"] {
        let path = format!("/export/observations.{form}");
        let plain = app.client().get_with(&path, &[("accept-encoding", "identity")]).await;
        let packed = app.client().get_with(&path, &[("accept-encoding", "gzip")]).await;
        assert_eq!(packed.header("content-encoding"), Some("gzip"));
        assert_eq!(
            (plain.header("content-encoding"), plain.header("vary")),
            (None, Some("accept-encoding"))
        );
        assert!(packed.body.len() * 3 < plain.body.len());
        assert_ne!(plain.header("etag"), packed.header("etag"));
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&packed.body[..])
            .read_to_end(&mut unpacked)
            .unwrap();
        assert_eq!(unpacked, plain.body);
    }
    let marked = app.get("/export/observations.csv?bom=1&labels=zh").await;
    assert!(marked.text().starts_with("\u{feff}指标代码,"), "{}", marked.text());
}

async fn a_question_that_is_none_is_refused(db: TestDb) {
    let app = TestApp::start(&db).await;
    for (path, status, code) in [
        ("observations.csv?colour=red", 400, "BAD_USER_INPUT"),
        ("observations.csv?baseline=PARENT", 400, "BAD_USER_INPUT"),
        ("observations.csv?totals=yes", 400, "BAD_USER_INPUT"),
        ("observations.csv?status=LOST", 400, "BAD_USER_INPUT"),
        ("observations.parquet?indicator=none", 404, "NOT_FOUND"),
        ("observations.parquet?edit=1", 400, "BAD_USER_INPUT"),
        ("observations.csv?edit=1&status=MISSING", 400, "BAD_USER_INPUT"),
        ("observations.csv?edit=1&totals=1", 400, "BAD_USER_INPUT"),
        ("observations.csv?totals=1&status=MISSING", 400, "BAD_USER_INPUT"),
        ("observations.csv?totals=1&breakdowns=1", 400, "BAD_USER_INPUT"),
        // Of two only one would count.
        ("observations.csv?period=2021&period=2022", 400, "BAD_USER_INPUT"),
        (
            "observations.csv?within=shenzhen&within=shenzhen-luohu",
            400,
            "BAD_USER_INPUT",
        ),
        ("comparison.csv?period=2021&period=2022", 400, "BAD_USER_INPUT"),
        // An empty place of a template is no choice of nothing.
        ("observations.csv?org=", 400, "BAD_USER_INPUT"),
        ("observations.csv?indicator=,", 400, "BAD_USER_INPUT"),
        ("observations.csv?status=", 400, "BAD_USER_INPUT"),
        ("observations.csv?self=1", 400, "BAD_USER_INPUT"),
        ("observations.pdf", 404, "NOT_FOUND"),
        ("observations", 404, "NOT_FOUND"),
        ("figures.csv", 404, "NOT_FOUND"),
        ("comparison.csv", 400, "BAD_USER_INPUT"),
        ("comparison.csv?period=2021&baseline=LAST", 400, "BAD_USER_INPUT"),
        ("comparison.csv?period=2021&basePeriod=2020", 400, "BAD_USER_INPUT"),
    ] {
        let answer = app.get(&format!("/export/{path}")).await;
        let told = answer.json();
        let error = &told["errors"][0];
        assert_eq!(
            (answer.status, &error["extensions"]["code"]),
            (status, &code.into()),
            "{path}: {told}"
        );
        assert!(error["extensions"]["hint"].is_string(), "{path}: {told}");
    }
    let several = app
        .get("/export/observations.csv?org=shenzhen-luohu&org=shenzhen-luohu-sungang&period=2021")
        .await;
    assert_eq!(several.status, 200);
    let limited = TestApp::start_with(&db, |config| config.export.max_cells = 3).await;
    let answer = limited.get("/export/comparison.csv?period=2021").await;
    assert_eq!(answer.json()["errors"][0]["extensions"]["code"], "LIMIT_EXCEEDED");
}
