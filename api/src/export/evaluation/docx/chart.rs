//! Bars beside names and numbers, as a drawing.

use super::emf::{self, Drawing};

const INK: u32 = 0x26_2626;
const NOW: u32 = 0x1F_4E79;
const BEFORE: u32 = 0xBF_CFE2;
const AXIS: u32 = 0x80_8080;
/// Units of a tenth of a millimetre.
const WIDTH: i32 = 1500;
const SIZE: u32 = 35;
const LINE: i32 = 44;
const NAMES: i32 = 480;
const BAR: i32 = 42;
const GAP: i32 = 26;

/// What is drawn: a name and its numbers, each as long as it is and as it is written.
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) now: Option<(f64, String)>,
    pub(super) before: Option<(f64, String)>,
}

/// A picture and its size in tenths of a millimetre.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) bytes: Vec<u8>,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// Draws the bars one below another, with what the colours are called: this period and, where anything of it is there, the one before.
pub(super) fn bars(bars: &[Bar], legend: (&str, &str)) -> Picture {
    let has_before = bars.iter().any(|bar| bar.before.is_some());
    let each = if has_before { 2 } else { 1 };
    let rows: Vec<(&Bar, Vec<String>, i32)> = bars
        .iter()
        .map(|bar| {
            let lines = broken(&bar.name);
            let names = LINE * i32::try_from(lines.len()).unwrap_or(1);
            (bar, lines, names.max(each * BAR) + GAP)
        })
        .collect();
    let top = if has_before { 70 } else { 15 };
    let height = top + rows.iter().map(|(_, _, height)| height).sum::<i32>() + 10;
    let mut drawing = Drawing::new(WIDTH, height);
    if has_before {
        let end = named(&mut drawing, NAMES + 20, NOW, legend.0);
        named(&mut drawing, end + 50, BEFORE, legend.1);
    }
    let scale = Scale::of(bars);
    let mut y = top;
    for (bar, lines, height) in rows {
        row(&mut drawing, &scale, (bar, &lines), (y, height), each);
        y += height;
    }
    drawing.line((scale.zero(), top - 5), (scale.zero(), y), AXIS);
    Picture {
        bytes: drawing.bytes(),
        width: WIDTH,
        height,
    }
}

fn named(drawing: &mut Drawing, x: i32, color: u32, name: &str) -> i32 {
    drawing.rectangle((x, 14), (x + 34, 42), color);
    drawing.text((x + 46, 42), name, SIZE, INK);
    x + 46 + emf::width(name, SIZE)
}

fn row(drawing: &mut Drawing, scale: &Scale, (bar, lines): (&Bar, &[String]), (y, height): (i32, i32), each: i32) {
    let inner = height - GAP;
    let names = LINE * i32::try_from(lines.len()).unwrap_or(1);
    let mut base = y + (inner - names) / 2 + LINE - 12;
    for line in lines {
        let x = NAMES - 20 - emf::width(line, SIZE);
        drawing.text((x, base), line, SIZE, INK);
        base += LINE;
    }
    let mut at = y + (inner - each * BAR) / 2;
    for (number, color) in [(&bar.now, NOW), (&bar.before, BEFORE)] {
        if let Some((number, told)) = number {
            let (left, right) = scale.span(*number);
            drawing.rectangle((left, at + 4), (right, at + BAR - 4), color);
            drawing.text((right + 14, at + BAR - 10), told, SIZE, INK);
        }
        at += BAR;
    }
}

/// From numbers to places.
struct Scale {
    least: f64,
    most: f64,
    /// Where the largest ends; the numbers stand behind it.
    end: i32,
}

impl Scale {
    fn of(bars: &[Bar]) -> Self {
        let numbers = || bars.iter().flat_map(|bar| [&bar.now, &bar.before]).flatten();
        let widest = numbers().map(|(_, told)| emf::width(told, SIZE)).max().unwrap_or(0);
        Self {
            least: numbers().map(|(number, _)| *number).fold(0.0, f64::min),
            most: numbers().map(|(number, _)| *number).fold(0.0, f64::max),
            end: (WIDTH - 30 - widest).max(NAMES + 200),
        }
    }

    fn place(&self, number: f64) -> i32 {
        let whole = self.most - self.least;
        let share = if whole > 0.0 {
            (number - self.least) / whole
        } else {
            0.0
        };
        // Between the ends, which are below 1500.
        #[allow(clippy::cast_possible_truncation, reason = "a share of the width")]
        let offset = (share * f64::from(self.end - NAMES)).round() as i32;
        NAMES + offset
    }

    fn zero(&self) -> i32 {
        self.place(0.0)
    }

    /// From zero to the number; a number that is not zero is always seen.
    fn span(&self, number: f64) -> (i32, i32) {
        let (zero, end) = (self.zero(), self.place(number));
        if number > 0.0 {
            (zero, end.max(zero + 3))
        } else if number < 0.0 {
            (end.min(zero - 3), zero)
        } else {
            (zero, zero)
        }
    }
}

/// A name in at most three lines that fit beside the bars; what is longer ends with dots.
fn broken(name: &str) -> Vec<String> {
    let room = NAMES - 30;
    let mut lines: Vec<String> = vec![String::new()];
    for sign in name.chars() {
        let full = lines.len() == 3;
        let Some(line) = lines.last_mut() else { break };
        line.push(sign);
        if emf::width(line, SIZE) > room {
            line.pop();
            if full {
                line.pop();
                line.push('…');
                break;
            }
            lines.push(sign.to_string());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_broken_and_end_with_dots() {
        assert_eq!(broken("调解案件"), ["调解案件"]);
        let lines = broken(&"很".repeat(60));
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with('…'));
        assert!(lines.iter().all(|line| emf::width(line, SIZE) <= NAMES - 30));
    }

    #[test]
    fn lengths_are_in_proportion_and_zero_has_none() {
        let bar = |number: f64| Bar {
            name: "甲".to_owned(),
            now: Some((number, "1".to_owned())),
            before: None,
        };
        let scale = Scale::of(&[bar(100.0), bar(50.0), bar(-100.0), bar(0.0)]);
        let length = |number: f64| {
            let (left, right) = scale.span(number);
            right - left
        };
        assert!((length(100.0) - 2 * length(50.0)).abs() <= 1);
        assert!((length(100.0) - length(-100.0)).abs() <= 1);
        assert_eq!(length(0.0), 0);
        assert_eq!(length(0.000_1), 3);
        assert!(scale.span(-100.0).0 >= NAMES);
    }
}
