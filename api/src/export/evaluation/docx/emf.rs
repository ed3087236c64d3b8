//! Enhanced metafiles: drawings of rectangles, lines and texts that Word, WPS and LibreOffice show with their own fonts, so that the server needs none.
//!
//! Records as in [MS-EMF]. One unit is a tenth of a millimetre; y goes down. All texts stand left-aligned on their base line, with advances of ours,
//! so that a drawing looks the same with any font.

/// Face that is asked for; a reader without it takes one that has Chinese.
const FACE: &str = "SimSun";
/// The character set of simplified Chinese, by which readers choose another face.
const GB2312: u8 = 134;
/// Advance of what is not Chinese, in hundredths of the height: a little more than most fonts have, so that no two signs touch.
const NARROW: u32 = 56;
/// Advance of a point and a comma.
const POINT: u32 = 34;
const STOCK_PEN_NONE: u32 = 0x8000_0008;
const STOCK_BRUSH_NONE: u32 = 0x8000_0005;
const STOCK_FONT: u32 = 0x8000_000D;
/// The one object that is made, used and thrown away again.
const OBJECT: u32 = 1;
const HEADER: u32 = 108;

/// How wide a text is at a height.
pub(super) fn width(text: &str, height: u32) -> i32 {
    advances(text, height)
        .iter()
        .map(|(_, advance)| *advance)
        .sum::<u32>()
        .cast_signed()
}

/// The units of UTF-16 and how far each moves on.
fn advances(text: &str, height: u32) -> Vec<(u16, u32)> {
    let mut found = Vec::new();
    for sign in text.chars() {
        let advance = match sign {
            ',' | '.' => height * POINT / 100,
            sign if sign.is_ascii() => height * NARROW / 100,
            _ => height,
        };
        let mut units = [0u16; 2];
        for (place, unit) in sign.encode_utf16(&mut units).iter().enumerate() {
            found.push((*unit, if place == 0 { advance } else { 0 }));
        }
    }
    found
}

/// A drawing.
#[derive(Debug)]
pub(super) struct Drawing {
    width: i32,
    height: i32,
    records: Vec<u8>,
    count: u32,
}

impl Drawing {
    /// An empty one of a width and a height.
    pub(super) fn new(width: i32, height: i32) -> Self {
        let mut drawing = Self {
            width,
            height,
            records: Vec::new(),
            count: 1,
        };
        // Transparent behind texts; texts on the base line.
        drawing.record(18, &[1]);
        drawing.record(22, &[24]);
        drawing
    }

    /// A filled rectangle.
    pub(super) fn rectangle(&mut self, (left, top): (i32, i32), (right, bottom): (i32, i32), color: u32) {
        self.record(39, &[OBJECT, 0, reversed(color), 0]);
        self.record(37, &[OBJECT]);
        self.record(37, &[STOCK_PEN_NONE]);
        // Without a pen the last row and column are left out.
        self.record(43, &[left, top, right + 1, bottom + 1].map(i32::cast_unsigned));
        self.record(37, &[STOCK_BRUSH_NONE]);
        self.record(40, &[OBJECT]);
    }

    /// A thin line.
    pub(super) fn line(&mut self, from: (i32, i32), to: (i32, i32), color: u32) {
        self.record(38, &[OBJECT, 0, 2, 0, reversed(color)]);
        self.record(37, &[OBJECT]);
        self.record(27, &[from.0, from.1].map(i32::cast_unsigned));
        self.record(54, &[to.0, to.1].map(i32::cast_unsigned));
        self.record(37, &[STOCK_PEN_NONE]);
        self.record(40, &[OBJECT]);
    }

    /// A text that begins at a point of its base line.
    pub(super) fn text(&mut self, (x, y): (i32, i32), text: &str, height: u32, color: u32) {
        let advances = advances(text, height);
        if advances.is_empty() {
            return;
        }
        let mut font = vec![OBJECT];
        font.extend(font_words(height));
        self.record(82, &font);
        self.record(37, &[OBJECT]);
        self.record(24, &[reversed(color)]);
        let count = u32::try_from(advances.len()).unwrap_or(u32::MAX);
        let mut string: Vec<u16> = advances.iter().map(|(unit, _)| *unit).collect();
        if string.len() % 2 == 1 {
            string.push(0);
        }
        let string: Vec<u32> = string
            .chunks_exact(2)
            .map(|pair| match pair {
                [low, high] => u32::from(*low) | u32::from(*high) << 16,
                _ => 0,
            })
            .collect();
        let begin = 76;
        let behind = begin + 4 * u32::try_from(string.len()).unwrap_or(u32::MAX);
        // Bounds (none), compatible mode, tenths of a millimetre in hundredths, then the text.
        let scale = 10f32.to_bits();
        let mut words = vec![0, 0, u32::MAX, u32::MAX, 1, scale, scale];
        words.extend([x.cast_unsigned(), y.cast_unsigned(), count, begin, 0]);
        words.extend([0, 0, u32::MAX, u32::MAX, behind]);
        words.extend(string);
        words.extend(advances.iter().map(|(_, advance)| *advance));
        self.record(84, &words);
        self.record(37, &[STOCK_FONT]);
        self.record(40, &[OBJECT]);
    }

    fn record(&mut self, kind: u32, words: &[u32]) {
        let size = 8 + 4 * u32::try_from(words.len()).unwrap_or(u32::MAX);
        for word in [kind, size].iter().chain(words) {
            self.records.extend_from_slice(&word.to_le_bytes());
        }
        self.count += 1;
    }

    /// The file.
    pub(super) fn bytes(mut self) -> Vec<u8> {
        self.record(14, &[0, 0, 20]);
        let (width, height) = (self.width.cast_unsigned(), self.height.cast_unsigned());
        let size = HEADER + u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        let words = [
            1,
            HEADER,
            // Bounds in units and the frame in hundredths of a millimetre.
            0,
            0,
            width,
            height,
            0,
            0,
            width * 10,
            height * 10,
            0x464D_4520,
            0x0001_0000,
            size,
            self.count,
            // Handles: the one object and the file itself.
            OBJECT + 1,
            0,
            0,
            0,
            // The device: a metre in tenths of a millimetre, in millimetres, and in micrometres.
            10_000,
            10_000,
            1_000,
            1_000,
            0,
            0,
            0,
            1_000_000,
            1_000_000,
        ];
        let mut bytes: Vec<u8> = words.iter().flat_map(|word: &u32| word.to_le_bytes()).collect();
        bytes.append(&mut self.records);
        bytes
    }
}

/// Red, green, blue as the format has them: blue in the highest place.
fn reversed(color: u32) -> u32 {
    (color & 0xFF) << 16 | color & 0xFF00 | color >> 16 & 0xFF
}

/// A font of so many units, as EXTLOGFONTW.
fn font_words(height: u32) -> [u32; 80] {
    let mut words = [0u32; 80];
    let facts = [
        (0, height.wrapping_neg()),
        (4, 400),
        // Not slanted, not underlined, not struck out, Chinese.
        (5, u32::from(GB2312) << 24),
    ];
    for (place, word) in facts {
        if let Some(found) = words.get_mut(place) {
            *found = word;
        }
    }
    // The name stands behind the first seven words, in units of two bytes.
    let units: Vec<u16> = FACE.encode_utf16().collect();
    for (found, pair) in words.iter_mut().skip(7).zip(units.chunks(2)) {
        let unit = |place: usize| u32::from(pair.get(place).copied().unwrap_or(0));
        *found = unit(0) | unit(1) << 16;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kind and size of each record.
    fn records(bytes: &[u8]) -> Vec<(u32, usize)> {
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let (mut at, mut found) = (0, Vec::new());
        while at < bytes.len() {
            let size = word(at + 4) as usize;
            assert!(size >= 8 && size.is_multiple_of(4) && at + size <= bytes.len());
            found.push((word(at), size));
            at += size;
        }
        found
    }

    #[test]
    fn records_follow_one_another_to_the_last_byte_and_the_header_counts_them() {
        let mut drawing = Drawing::new(1500, 600);
        drawing.rectangle((10, 20), (300, 60), 0x12_3456);
        drawing.line((0, 0), (5, 5), 0);
        drawing.text((10, 40), "化解率 97.5", 37, 0);
        drawing.text((10, 40), "", 37, 0);
        let bytes = drawing.bytes();
        let found = records(&bytes);
        assert_eq!(found.first(), Some(&(1, 108)));
        assert_eq!(found.last(), Some(&(14, 20)));
        assert_eq!(found.iter().filter(|(kind, _)| *kind == 84).count(), 1);
        assert!(found.contains(&(82, 332)));
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(&bytes[40..44], b" EMF");
        assert_eq!(word(48) as usize, bytes.len());
        assert_eq!(word(52) as usize, found.len());
    }

    #[test]
    fn texts_are_as_wide_as_their_signs() {
        assert_eq!(width("化解率", 40), 120);
        assert_eq!(width("97.5", 100), 3 * 56 + 34);
        assert_eq!(reversed(0x12_3456), 0x56_3412);
    }
}
