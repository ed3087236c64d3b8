//! How official documents look (GB/T 9704-2012): styles, fonts with what stands in for them, page and footers.
//!
//! The fonts that the standard asks for are on office machines and seldom elsewhere. The font table names what a reader takes instead; the
//! character set and the family are there for readers that look at nothing else.

use std::fmt::Write;

/// The prefixes of all parts.
pub(super) const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
    xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
    xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
    xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
    xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"";

/// 22 lines on a page, in twentieths of a point.
const LINE: u32 = 579;
/// A twentieth of a point is 0.01764 mm.
const PAGE: &str = "<w:pgSz w:w=\"11906\" w:h=\"16838\"/>\
    <w:pgMar w:top=\"2098\" w:right=\"1474\" w:bottom=\"1984\" w:left=\"1587\" w:header=\"851\" w:footer=\"1587\" w:gutter=\"0\"/>";

const TITLE: &str = "方正小标宋简体";
const BODY: &str = "仿宋_GB2312";
const FIRST: &str = "黑体";
const SECOND: &str = "楷体_GB2312";
const SMALL: &str = "宋体";

/// Font, what stands in for it, and its family.
const FONTS: [(&str, &str, &str); 6] = [
    (
        TITLE,
        "FZXiaoBiaoSong-B05S,方正小标宋_GBK,华文中宋,宋体,SimSun,Noto Serif CJK SC,Source Han Serif SC",
        "roman",
    ),
    (
        BODY,
        "仿宋,FangSong,FangSong_GB2312,华文仿宋,STFangsong,Noto Serif CJK SC,Source Han Serif SC,宋体,SimSun",
        "modern",
    ),
    (
        FIRST,
        "SimHei,微软雅黑,Microsoft YaHei,文泉驿正黑,Noto Sans CJK SC,Source Han Sans SC",
        "modern",
    ),
    (
        SECOND,
        "楷体,KaiTi,KaiTi_GB2312,华文楷体,STKaiti,Noto Serif CJK SC,宋体,SimSun",
        "modern",
    ),
    (
        SMALL,
        "SimSun,新宋体,NSimSun,Noto Serif CJK SC,Source Han Serif SC,AR PL UMing CN",
        "auto",
    ),
    ("Times New Roman", "Liberation Serif,Nimbus Roman", "roman"),
];

/// A style: its id, name, font, size in half points, and the properties of its paragraphs.
struct Style {
    id: &'static str,
    name: &'static str,
    font: &'static str,
    size: u32,
    paragraph: String,
}

fn styles() -> [Style; 11] {
    let style = |id, name, font, size, paragraph: &str| Style {
        id,
        name,
        font,
        size,
        paragraph: paragraph.to_owned(),
    };
    let line = format!("<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"{LINE}\" w:lineRule=\"exact\"/>");
    let indent = "<w:ind w:firstLineChars=\"200\" w:firstLine=\"640\"/>";
    let heading =
        |level: u32| format!("<w:keepNext/>{line}{indent}<w:jc w:val=\"both\"/><w:outlineLvl w:val=\"{level}\"/>");
    // Small lines do not stand on the grid of the page.
    let small = "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"40\" w:after=\"40\" w:line=\"240\" w:lineRule=\"auto\"/>\
                 <w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/>";
    let body = format!("{line}{indent}<w:jc w:val=\"both\"/>");
    let note = format!("{line}{indent}<w:jc w:val=\"left\"/>");
    [
        style("Normal", "Normal", BODY, 32, &body),
        // Codes that no line breaks in would be drawn apart.
        style("Note", "Note", BODY, 32, &note),
        style(
            "Title",
            "Title",
            TITLE,
            44,
            "<w:spacing w:before=\"0\" w:after=\"0\" w:line=\"700\" w:lineRule=\"exact\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/>",
        ),
        style("Heading1", "heading 1", FIRST, 32, &heading(0)),
        style("Heading2", "heading 2", SECOND, 32, &heading(1)),
        style(
            "Signature",
            "Signature",
            BODY,
            32,
            &format!("{line}<w:ind w:right=\"640\" w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"right\"/>"),
        ),
        style(
            "TableTitle",
            "Table Title",
            FIRST,
            24,
            "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"120\" w:after=\"60\" w:line=\"240\" w:lineRule=\"auto\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/>",
        ),
        style("TableHead", "Table Head", FIRST, 21, small),
        style("TableText", "Table Text", SMALL, 21, small),
        // A picture in a line of a fixed height would be cut off.
        style(
            "Picture",
            "Picture",
            BODY,
            32,
            "<w:keepNext/><w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"120\" w:after=\"0\" w:line=\"240\" w:lineRule=\"auto\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/>",
        ),
        style(
            "PictureTitle",
            "Picture Title",
            FIRST,
            24,
            "<w:snapToGrid w:val=\"0\"/><w:spacing w:before=\"60\" w:after=\"120\" w:line=\"240\" w:lineRule=\"auto\"/><w:ind w:firstLineChars=\"0\" w:firstLine=\"0\"/><w:jc w:val=\"center\"/>",
        ),
    ]
}

/// `word/styles.xml`.
pub(super) fn sheet() -> String {
    let mut xml = format!(
        "<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>{}<w:kern w:val=\"2\"/><w:sz w:val=\"32\"/><w:szCs w:val=\"32\"/>\
         <w:lang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>",
        fonts(BODY)
    );
    for style in styles() {
        let is_base = style.id == "Normal";
        let (default, based) = if is_base {
            (" w:default=\"1\"", "")
        } else {
            ("", "<w:basedOn w:val=\"Normal\"/>")
        };
        let _ = write!(
            xml,
            "<w:style w:type=\"paragraph\"{default} w:styleId=\"{}\"><w:name w:val=\"{}\"/>{based}<w:qFormat/>\
             <w:pPr>{}</w:pPr><w:rPr>{}<w:b w:val=\"0\"/><w:color w:val=\"000000\"/><w:sz w:val=\"{size}\"/><w:szCs w:val=\"{size}\"/></w:rPr></w:style>",
            style.id,
            style.name,
            style.paragraph,
            fonts(style.font),
            size = style.size
        );
    }
    xml.push_str(
        "<w:style w:type=\"paragraph\" w:styleId=\"AfterTable\"><w:name w:val=\"After Table\"/><w:basedOn w:val=\"Normal\"/>\
         <w:pPr><w:spacing w:line=\"200\" w:lineRule=\"exact\"/></w:pPr></w:style>",
    );
    xml.push_str(
        "<w:style w:type=\"paragraph\" w:styleId=\"Footer\"><w:name w:val=\"footer\"/><w:basedOn w:val=\"Normal\"/>\
         <w:pPr><w:spacing w:line=\"240\" w:lineRule=\"auto\"/><w:ind w:left=\"280\" w:right=\"280\" w:firstLineChars=\"0\" w:firstLine=\"0\"/></w:pPr><w:rPr>",
    );
    xml.push_str(&fonts(SMALL));
    xml.push_str("<w:sz w:val=\"28\"/><w:szCs w:val=\"28\"/></w:rPr></w:style>");
    xml.push_str(
        "<w:style w:type=\"table\" w:default=\"1\" w:styleId=\"TableNormal\"><w:name w:val=\"Normal Table\"/><w:tblPr><w:tblInd w:w=\"0\" w:type=\"dxa\"/>\
         <w:tblCellMar><w:top w:w=\"0\" w:type=\"dxa\"/><w:left w:w=\"80\" w:type=\"dxa\"/><w:bottom w:w=\"0\" w:type=\"dxa\"/>\
         <w:right w:w=\"80\" w:type=\"dxa\"/></w:tblCellMar></w:tblPr></w:style>\
         <w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table Grid\"/><w:basedOn w:val=\"TableNormal\"/><w:tblPr><w:tblBorders>",
    );
    for side in ["top", "left", "bottom", "right", "insideH", "insideV"] {
        let _ = write!(
            xml,
            "<w:{side} w:val=\"single\" w:sz=\"4\" w:space=\"0\" w:color=\"000000\"/>"
        );
    }
    xml.push_str("</w:tblBorders></w:tblPr></w:style></w:styles>");
    xml
}

fn fonts(chinese: &str) -> String {
    let latin = if chinese == SMALL { SMALL } else { "Times New Roman" };
    format!("<w:rFonts w:ascii=\"{latin}\" w:hAnsi=\"{latin}\" w:eastAsia=\"{chinese}\" w:cs=\"Times New Roman\"/>")
}

/// `word/fontTable.xml`.
pub(super) fn font_table() -> String {
    let mut xml = format!("<w:fonts {NAMESPACES}>");
    for (font, others, family) in FONTS {
        let charset = if font == "Times New Roman" { "00" } else { "86" };
        let _ = write!(
            xml,
            "<w:font w:name=\"{font}\"><w:altName w:val=\"{others}\"/><w:charset w:val=\"{charset}\"/>\
             <w:family w:val=\"{family}\"/><w:pitch w:val=\"variable\"/></w:font>"
        );
    }
    xml.push_str("</w:fonts>");
    xml
}

/// `word/settings.xml`: page numbers stand outside, at the right of odd pages and at the left of even ones.
pub(super) fn settings() -> String {
    format!(
        "<w:settings {NAMESPACES}><w:zoom w:percent=\"100\"/><w:evenAndOddHeaders/><w:characterSpacingControl w:val=\"compressPunctuation\"/>\
         <w:compat><w:compatSetting w:name=\"compatibilityMode\" w:uri=\"http://schemas.microsoft.com/office/word\" w:val=\"15\"/></w:compat>\
         <w:themeFontLang w:val=\"en-US\" w:eastAsia=\"zh-CN\"/></w:settings>"
    )
}

/// A footer: — 1 —.
pub(super) fn footer(align: &str) -> String {
    format!(
        "<w:ftr {NAMESPACES}><w:p><w:pPr><w:pStyle w:val=\"Footer\"/><w:jc w:val=\"{align}\"/></w:pPr>\
         <w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr><w:t xml:space=\"preserve\">— </w:t></w:r>\
         <w:fldSimple w:instr=\" PAGE \"><w:r><w:t>1</w:t></w:r></w:fldSimple>\
         <w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/></w:rPr><w:t xml:space=\"preserve\"> —</w:t></w:r></w:p></w:ftr>"
    )
}

/// The properties of the only section.
pub(super) fn section() -> String {
    format!(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"footerOdd\"/><w:footerReference w:type=\"even\" r:id=\"footerEven\"/>\
         {PAGE}<w:docGrid w:type=\"lines\" w:linePitch=\"{LINE}\"/></w:sectPr>"
    )
}
