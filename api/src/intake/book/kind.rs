//! What a file is, told by its bytes; a name that says otherwise is refused, since somebody is mistaken then.

use crate::intake::problem::{Problem, Text};

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// Cells separated by commas, tabs or semicolons.
    Text,
    /// A workbook of Excel, WPS or LibreOffice.
    Xlsx,
    /// A workbook of LibreOffice.
    Ods,
}

/// The first bytes of formats that are told by name when they are refused.
const OTHERS: [(&[u8], &str, &str); 6] = [
    (
        b"\xd0\xcf\x11\xe0",
        "an old .xls or a workbook with a password",
        "旧版 .xls,或设有密码的工作簿",
    ),
    (b"%PDF", "a PDF", "PDF 文件"),
    (b"\x89PNG", "a picture", "图片"),
    (b"\xff\xd8\xff", "a picture", "图片"),
    (b"\x1f\x8b", "a compressed file", "压缩文件"),
    (b"Rar!", "a compressed file", "压缩文件"),
];
const ZIP: &[u8] = b"PK\x03\x04";
const ODS_TYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

pub(super) fn detect(name: &str, bytes: &[u8]) -> Result<FileKind, Box<Problem>> {
    let extension = name
        .rsplit_once('.')
        .map_or("", |(_, extension)| extension)
        .to_lowercase();
    if bytes.is_empty() {
        return Err(Box::new(Problem::of_file(
            name,
            Text::new("the file is empty", "文件是空的"),
            Text::new("send it again", "请重新报送"),
        )));
    }
    if let Some((_, en, zh)) = OTHERS.iter().find(|(first, ..)| bytes.starts_with(first)) {
        return Err(refused(name, (en, zh)));
    }
    let kind = if bytes.starts_with(ZIP) {
        // The type of an ODS is its first entry, and is not packed.
        let head = bytes.get(..200).unwrap_or(bytes);
        if head.windows(ODS_TYPE.len()).any(|part| part == ODS_TYPE) {
            FileKind::Ods
        } else {
            FileKind::Xlsx
        }
    } else if looks_like_markup(bytes) {
        return Err(refused(name, ("a web page or XML", "网页或 XML 文件")));
    } else {
        FileKind::Text
    };
    let told = match extension.as_str() {
        "xlsx" => Some(FileKind::Xlsx),
        "ods" => Some(FileKind::Ods),
        "csv" | "txt" | "tsv" => Some(FileKind::Text),
        "xlsm" | "xltm" | "xlsb" => return Err(refused(name, ("a workbook with macros", "带宏的工作簿"))),
        "xls" | "et" => return Err(refused(name, ("an old format by its name", "旧格式的扩展名"))),
        _ => None,
    };
    match told {
        Some(told) if told != kind => Err(Box::new(Problem::of_file(
            name,
            Text::new(
                format!("the name says .{extension}, the content is {}", kind.en()),
                format!("扩展名是 .{extension},内容却是{}", kind.zh()),
            ),
            Text::new(
                "save it again in the format its name says; do not rename it",
                "请在表格软件里“另存为”相应格式,不要直接改扩展名",
            ),
        ))),
        _ => Ok(kind),
    }
}

impl FileKind {
    fn en(self) -> &'static str {
        match self {
            Self::Text => "plain text",
            Self::Xlsx => "a zip or XLSX file",
            Self::Ods => "an ODS workbook",
        }
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Text => "纯文本",
            Self::Xlsx => "zip 或 XLSX 文件",
            Self::Ods => "ODS 工作簿",
        }
    }
}

/// Old systems save HTML tables under the name of a workbook.
fn looks_like_markup(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes.trim_ascii_start();
    start.starts_with(b"<")
}

fn refused(name: &str, (en, zh): (&str, &str)) -> Box<Problem> {
    Box::new(Problem::of_file(
        name,
        Text::new(format!("the file is {en}"), format!("这是{zh}")),
        Text::new(
            "send an .xlsx or .ods without macros and password, or a CSV",
            "请报送不带宏和密码的 .xlsx 或 .ods,或 CSV",
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_decide_and_the_name_must_agree() {
        let told = |name: &str, bytes: &[u8]| detect(name, bytes).map_err(|problem| problem.message.en);
        assert_eq!(told("a.csv", b"a,b\n"), Ok(FileKind::Text));
        assert_eq!(told("pasted", b"a\tb\n"), Ok(FileKind::Text));
        assert_eq!(told("a.XLSX", b"PK\x03\x04rest"), Ok(FileKind::Xlsx));
        let ods = [ZIP, b"....mimetype", ODS_TYPE].concat();
        assert_eq!(told("a.ods", &ods), Ok(FileKind::Ods));
        for (name, bytes, part) in [
            ("a.csv", b"PK\x03\x04rest".as_slice(), "the name says .csv"),
            ("a.xlsx", b"a,b\n", "the name says .xlsx"),
            ("a.xlsx", b"\xd0\xcf\x11\xe0", "password"),
            ("a.xls", b"<html><table>", "web page"),
            ("a.xlsm", b"PK\x03\x04rest", "macros"),
            ("a.xls", b"a\tb", "old format"),
            ("a.csv", b"", "empty"),
        ] {
            assert!(told(name, bytes).unwrap_err().contains(part), "{name}");
        }
    }
}
