//! The parts of a document in their archive.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::body::{self, Body};
use super::style::{self, NAMESPACES};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml";

/// The file. The same body, title and moment give the same bytes.
///
/// # Errors
/// When the archive cannot be written: a part of more than four gigabytes.
pub(super) fn file(body: &Body, title: &str, moment: &str) -> Result<Vec<u8>, std::io::Error> {
    let document = format!(
        "<w:document {NAMESPACES}><w:body>{}{}</w:body></w:document>",
        body.xml,
        style::section()
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, xml) in [
        ("[Content_Types].xml", types()),
        ("_rels/.rels", root()),
        ("docProps/core.xml", core(title, moment)),
        ("word/document.xml", document),
        ("word/_rels/document.xml.rels", relations(body.pictures.len())),
        ("word/styles.xml", style::sheet()),
        ("word/fontTable.xml", style::font_table()),
        ("word/settings.xml", style::settings()),
        ("word/footer1.xml", style::footer("right")),
        ("word/footer2.xml", style::footer("left")),
    ] {
        archive.start_file(name, options)?;
        archive.write_all(DECLARATION.as_bytes())?;
        archive.write_all(xml.as_bytes())?;
    }
    for (picture, number) in body.pictures.iter().zip(1..) {
        archive.start_file(format!("word/media/chart{number}.emf"), options)?;
        archive.write_all(picture)?;
    }
    Ok(archive.finish()?.into_inner())
}

fn types() -> String {
    let mut xml = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
        <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
        <Default Extension=\"emf\" ContentType=\"image/x-emf\"/>\
        <Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>"
        .to_owned();
    for (part, kind) in [
        ("document", "document.main"),
        ("styles", "styles"),
        ("fontTable", "fontTable"),
        ("settings", "settings"),
        ("footer1", "footer"),
        ("footer2", "footer"),
    ] {
        xml.push_str(&format!(
            "<Override PartName=\"/word/{part}.xml\" ContentType=\"{WORD}.{kind}+xml\"/>"
        ));
    }
    xml + "</Types>"
}

fn root() -> String {
    format!(
        "<Relationships xmlns=\"{RELATIONS}\"><Relationship Id=\"document\" Type=\"{OFFICE}/officeDocument\" Target=\"word/document.xml\"/>\
         <Relationship Id=\"core\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" \
         Target=\"docProps/core.xml\"/></Relationships>"
    )
}

fn core(title: &str, moment: &str) -> String {
    let mut xml = format!(
        "<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title>",
        body::clean(title)
    );
    if let Ok(moment) = chrono::DateTime::parse_from_rfc3339(moment) {
        let moment = moment.to_utc().format("%Y-%m-%dT%H:%M:%SZ");
        for name in ["created", "modified"] {
            xml.push_str(&format!(
                "<dcterms:{name} xsi:type=\"dcterms:W3CDTF\">{moment}</dcterms:{name}>"
            ));
        }
    }
    xml + "</cp:coreProperties>"
}

fn relations(pictures: usize) -> String {
    let mut xml = format!("<Relationships xmlns=\"{RELATIONS}\">");
    for (id, kind, target) in [
        ("styles", "styles", "styles.xml"),
        ("fonts", "fontTable", "fontTable.xml"),
        ("settings", "settings", "settings.xml"),
        ("footerOdd", "footer", "footer1.xml"),
        ("footerEven", "footer", "footer2.xml"),
    ] {
        xml.push_str(&format!(
            "<Relationship Id=\"{id}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>"
        ));
    }
    for number in 1..=pictures {
        xml.push_str(&format!(
            "<Relationship Id=\"chart{number}\" Type=\"{OFFICE}/image\" Target=\"media/chart{number}.emf\"/>"
        ));
    }
    xml + "</Relationships>"
}
