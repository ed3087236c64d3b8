//! The body of a document: titles, headings, paragraphs, tables and pictures, as WordprocessingML.

use std::fmt::Write;

use quick_xml::escape::escape;

use super::chart::Picture;

/// English Metric Units in a tenth of a millimetre.
const EMU: i32 = 3600;
/// Signs that a line of a title holds.
const TITLE_LINE: usize = 20;

/// A column of a table: its head, its width in twentieths of a point, and where its texts stand.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub(super) title: String,
    pub(super) width: u32,
    pub(super) align: &'static str,
}

impl Column {
    pub(super) fn new(title: &str, width: u32, align: &'static str) -> Self {
        Self {
            title: title.to_owned(),
            width,
            align,
        }
    }
}

/// A body that grows.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) xml: String,
    /// The pictures, in the order of their relations.
    pub(super) pictures: Vec<Vec<u8>>,
    tables: usize,
}

impl Body {
    /// The title, whose second part begins a line where one line does not hold both, and a blank line.
    pub(super) fn title(&mut self, first: &str, second: &str) {
        if first.chars().count() + second.chars().count() > TITLE_LINE {
            self.paragraph("Title", first);
            self.paragraph("Title", second);
        } else {
            self.paragraph("Title", &format!("{first}{second}"));
        }
        self.paragraph("Normal", "");
    }

    /// A paragraph with codes in it.
    pub(super) fn note(&mut self, text: &str) {
        self.paragraph("Note", text);
    }

    /// A heading of level 1 or 2.
    pub(super) fn heading(&mut self, level: u32, text: &str) {
        self.paragraph(&format!("Heading{level}"), text);
    }

    /// A paragraph of text.
    pub(super) fn text(&mut self, text: &str) {
        self.paragraph("Normal", text);
    }

    /// A place that people fill in, which is to be seen.
    pub(super) fn open(&mut self, what: &str) {
        self.xml.push_str("<w:p><w:pPr><w:pStyle w:val=\"Normal\"/></w:pPr>");
        self.run("<w:highlight w:val=\"yellow\"/>", &format!("（待补充：{what}）"));
        self.xml.push_str("</w:p>");
    }

    /// A line at the right: who signs.
    pub(super) fn signed(&mut self, text: &str, is_open: bool) {
        self.xml.push_str("<w:p><w:pPr><w:pStyle w:val=\"Signature\"/></w:pPr>");
        self.run(if is_open { "<w:highlight w:val=\"yellow\"/>" } else { "" }, text);
        self.xml.push_str("</w:p>");
    }

    fn paragraph(&mut self, style: &str, text: &str) {
        let _ = write!(self.xml, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>");
        if !text.is_empty() {
            self.run("", text);
        }
        self.xml.push_str("</w:p>");
    }

    /// The hint makes quotation marks and dashes Chinese.
    fn run(&mut self, properties: &str, text: &str) {
        let _ = write!(
            self.xml,
            "<w:r><w:rPr><w:rFonts w:hint=\"eastAsia\"/>{properties}</w:rPr><w:t xml:space=\"preserve\">{}</w:t></w:r>",
            clean(text)
        );
    }

    /// A table with its number and title above, and its head on every page.
    pub(super) fn table(&mut self, title: &str, columns: &[Column], rows: &[Vec<String>]) {
        self.tables += 1;
        let title = format!("表{} {title}", self.tables);
        self.paragraph("TableTitle", &title);
        self.xml.push_str(
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"0\" w:type=\"auto\"/><w:jc w:val=\"center\"/>\
             <w:tblLayout w:type=\"fixed\"/></w:tblPr><w:tblGrid>",
        );
        for column in columns {
            let _ = write!(self.xml, "<w:gridCol w:w=\"{}\"/>", column.width);
        }
        self.xml.push_str("</w:tblGrid>");
        let heads: Vec<String> = columns.iter().map(|column| column.title.clone()).collect();
        self.row(columns, &heads, true);
        for row in rows {
            self.row(columns, row, false);
        }
        self.xml.push_str("</w:tbl>");
        self.paragraph("AfterTable", "");
    }

    fn row(&mut self, columns: &[Column], cells: &[String], is_head: bool) {
        let head = if is_head { "<w:tblHeader/>" } else { "" };
        let _ = write!(self.xml, "<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>");
        for (column, cell) in columns.iter().zip(cells) {
            let (align, style) = if is_head {
                ("center", "TableHead")
            } else {
                (column.align, "TableText")
            };
            let shade = if is_head {
                "<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"F2F2F2\"/>"
            } else {
                ""
            };
            let _ = write!(
                self.xml,
                "<w:tc><w:tcPr><w:tcW w:w=\"{}\" w:type=\"dxa\"/>{shade}<w:vAlign w:val=\"center\"/></w:tcPr>\
                 <w:p><w:pPr><w:pStyle w:val=\"{style}\"/><w:jc w:val=\"{align}\"/></w:pPr>",
                column.width
            );
            self.run("", cell);
            self.xml.push_str("</w:p></w:tc>");
        }
        self.xml.push_str("</w:tr>");
    }

    /// A picture with its number and title below, and what it shows in words.
    pub(super) fn picture(&mut self, title: &str, words: &str, picture: Picture) {
        self.pictures.push(picture.bytes);
        let number = self.pictures.len();
        let (width, height) = (picture.width * EMU, picture.height * EMU);
        let words = clean(words);
        let _ = write!(
            self.xml,
            "<w:p><w:pPr><w:pStyle w:val=\"Picture\"/></w:pPr><w:r><w:drawing>\
             <wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{width}\" cy=\"{height}\"/>\
             <wp:docPr id=\"{number}\" name=\"图{number}\" descr=\"{words}\"/>\
             <a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic>\
             <pic:nvPicPr><pic:cNvPr id=\"{number}\" name=\"chart{number}.emf\"/><pic:cNvPicPr/></pic:nvPicPr>\
             <pic:blipFill><a:blip r:embed=\"chart{number}\"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>\
             <pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm>\
             <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>\
             </wp:inline></w:drawing></w:r></w:p>"
        );
        self.paragraph("PictureTitle", &format!("图{number} {title}"));
    }
}

/// A text that XML can hold.
pub(super) fn clean(text: &str) -> String {
    let allowed =
        |sign: &char| matches!(sign, '\t' | '\n' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    let text: String = text.chars().filter(allowed).collect();
    escape(text.as_str()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_breaks_the_document() {
        assert_eq!(clean("a<b>&\"\u{1}\u{FFFF}"), "a&lt;b&gt;&amp;&quot;");
    }
}
