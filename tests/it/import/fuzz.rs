//! Damage done to the ugly files: whatever the bytes, the readers give an answer, in time, within the limits, and never panic.

use std::cell::Cell;
use std::ops::ControlFlow;
use std::sync::Once;
use std::time::{Duration, Instant};

use api::intake::book::{self, Limits};
use api::intake::catalog::{embedded, read};
use api::intake::figures::word::Words;
use api::intake::figures::{self, Field, Mapping, Named, Vocabulary, number, printed, span};
use proptest::strategy::{Strategy, ValueTree};
use proptest::string::{RegexGeneratorStrategy, string_regex};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::pack;
use super::ugly::{folder, names};

/// Cases of each test where `PLUMBLINE_FUZZ_RUNS` does not say otherwise.
const RUNS: u64 = 300;
/// A case takes some milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);
const LIMITS: Limits = Limits {
    unpacked_bytes: 16 * 1024 * 1024,
    cells: 100_000,
};

thread_local! {
    /// Panics of this thread: `book::open` catches those of its readers, and they count all the same.
    static PANICS: Cell<usize> = const { Cell::new(0) };
}

/// calamine computes with a reference such as `A99999999999` without a check; `book::open` answers that the workbook is damaged.
fn is_known(told: &std::panic::PanicHookInfo<'_>) -> bool {
    let is_reader = told
        .location()
        .is_some_and(|place| place.file().contains("calamine-0.38.0"));
    is_reader
        && told
            .payload_as_str()
            .is_some_and(|message| message.ends_with("with overflow"))
}

/// Counts panics from now on, and tells them as before.
fn count_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |told| {
            if !is_known(told) {
                PANICS.with(|panics| panics.set(panics.get() + 1));
            }
            before(told);
        }));
    });
}

fn runs() -> u64 {
    let given = std::env::var("PLUMBLINE_FUZZ_RUNS").ok();
    given.map_or(RUNS, |runs| runs.parse().expect("PLUMBLINE_FUZZ_RUNS is a number"))
}

/// Numbers that are the same in every run: one case is found again by its seed.
struct Dice(u64);

impl Dice {
    /// The next one below `end` (SplitMix64).
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % (end.max(1) as u64)).unwrap()
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// A part of some bytes, at most `longest` long.
    fn part(&mut self, bytes: &[u8], longest: usize) -> std::ops::Range<usize> {
        let start = self.below(bytes.len() + 1);
        start..(start + self.below(longest + 1)).min(bytes.len())
    }
}

/// What readers trip over.
const SEEDS: [&[u8]; 22] = [
    b"",
    b"\0",
    b"\"",
    b"\n",
    b",,,,",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"-1",
    b"4294967295",
    b"18446744073709551616",
    b"1e308",
    b"NaN",
    b"<c r=\"XFD1048576\"><v>1</v></c>",
    b"<c r=\"A0\" t=\"s\"><v>99999</v></c>",
    b"<mergeCell ref=\"XFD1048576:A1\"/>",
    b" table:number-columns-repeated=\"16384\"",
    b" table:number-rows-repeated=\"1048576\"",
    b" table:number-rows-spanned=\"4294967295\"",
    "截至2021年2月30日".as_bytes(),
    "单位:".as_bytes(),
    "合计".as_bytes(),
    "<!DOCTYPE a [<!ENTITY b \"c\">]>&b;".as_bytes(),
];

/// One to eight mutations.
fn mutate(bytes: &mut Vec<u8>, other: &[u8], dice: &mut Dice) {
    for _ in 0..=dice.below(8) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 => bytes.truncate(at.max(bytes.len() / 2)),
            2 => {
                let part = dice.part(other, 200);
                bytes.splice(at..at, other[part].iter().copied());
            }
            3 => {
                let part = dice.part(bytes, 200);
                let copy = bytes[part].repeat(1 + dice.below(20));
                bytes.splice(at..at, copy);
            }
            4 => {
                let part = dice.part(bytes, 50);
                bytes.drain(part);
            }
            5 => {
                let seed = *dice.pick(&SEEDS);
                bytes.splice(at..at, seed.iter().copied());
            }
            _ => another_number(bytes, at, dice),
        }
    }
}

/// Writes another number over the next one.
fn another_number(bytes: &mut Vec<u8>, at: usize, dice: &mut Dice) {
    let Some(start) = bytes[at..].iter().position(u8::is_ascii_digit).map(|found| at + found) else {
        return;
    };
    let length = bytes[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let number = *dice.pick(&["0", "1", "-1", "7", "65536", "1048577", "99999999999999999999"]);
    bytes.splice(start..start + length, number.bytes());
}

/// The names of the embedded catalogue, as far as sheets are held against them.
struct Names {
    indicators: Vec<(String, String)>,
    orgs: Vec<(String, String)>,
    items: Vec<(String, String)>,
    units: Vec<String>,
}

impl Names {
    fn embedded() -> Self {
        let catalog = read(&embedded()).unwrap();
        let items = catalog.breakdowns.iter().flat_map(|breakdown| {
            let code = breakdown.entry.code.get_ref();
            let items = breakdown.entry.item.iter();
            items.map(move |item| (format!("{code}={}", item.code.get_ref()), item.name.zh.clone()))
        });
        let indicators = catalog.indicators.iter().map(|row| &row.entry);
        let orgs = catalog.orgs.iter().map(|row| &row.entry);
        let words = catalog.units.iter().flat_map(|row| &row.entry.words);
        Self {
            items: items.collect(),
            indicators: indicators
                .map(|row| (row.code.get_ref().clone(), row.name.zh.clone()))
                .collect(),
            orgs: orgs
                .map(|row| (row.code.get_ref().clone(), row.name.zh.clone()))
                .collect(),
            units: words.map(|word| word.get_ref().clone()).collect(),
        }
    }
}

fn named(list: &[(String, String)], is: impl Fn(&str) -> bool) -> Named {
    let mut codes: Vec<String> = list
        .iter()
        .filter(|(code, name)| is(code) || is(name))
        .map(|(code, _)| code.clone())
        .collect();
    match codes.len() {
        0 => Named::Nothing,
        1 => Named::One(codes.remove(0)),
        _ => Named::Several(codes),
    }
}

impl Vocabulary for Names {
    fn indicator(&self, text: &str) -> Named {
        named(&self.indicators, |name| name == text)
    }

    fn org(&self, text: &str) -> Named {
        named(&self.orgs, |name| text.chars().count() > 1 && name.ends_with(text))
    }

    fn item(&self, text: &str) -> Named {
        named(&self.items, |name| name == text)
    }

    fn suggest(&self, _text: &str) -> Option<String> {
        None
    }

    fn is_unit(&self, word: &str) -> bool {
        self.units.iter().any(|unit| unit == word)
    }
}

/// Reads a file as an import does, and gives the figures that it finds.
fn figures_of(name: &str, bytes: &[u8], names: &Names) -> usize {
    let Ok(book) = book::open(name, bytes, &LIMITS) else {
        return 0;
    };
    let mapping = Mapping::default();
    let Ok(tables) = figures::tables(name, &book, names, &mapping) else {
        return 0;
    };
    let (mut count, mut problems) = (0, Vec::new());
    for table in &tables {
        table.entries(name, &mapping, &mut problems, |entry| {
            let value = entry.get(Field::Value);
            let _ = printed::read(value, &Words::default(), |word| names.is_unit(word));
            let _ = span::parse(entry.get(Field::Period), entry.year);
            count += 1;
            ControlFlow::Continue(())
        });
    }
    count
}

/// Runs one case, and fails with what finds it again.
fn hold<T>(case: &str, run: impl FnOnce() -> T) -> T {
    let (before, start) = (PANICS.with(Cell::get), Instant::now());
    let outcome = run();
    assert_eq!(
        PANICS.with(Cell::get),
        before,
        "{case}: it panicked, and the panic was caught"
    );
    assert!(start.elapsed() < PATIENCE, "{case}: it took {:?}", start.elapsed());
    outcome
}

#[test]
fn damaged_files_are_read_or_refused() {
    count_panics();
    let vocabulary = Names::embedded();
    let files: Vec<(String, Vec<u8>)> = names()
        .into_iter()
        .map(|name| (name.clone(), std::fs::read(folder().join(name)).unwrap()))
        .collect();
    let whole: usize = files
        .iter()
        .map(|(name, bytes)| figures_of(name, bytes, &vocabulary))
        .sum();
    assert!(whole > 100, "the files as they are give {whole} figures");
    let mut damaged = 0;
    for seed in 0..runs() {
        let mut dice = Dice(seed);
        let (name, bytes) = dice.pick(&files).clone();
        let (_, other) = dice.pick(&files);
        let mut entries = pack::unzip(&bytes).filter(|_| dice.below(4) > 0);
        let mutated = match &mut entries {
            // Most damage to a zip is found by its checksums; the XML inside is what the readers must bear.
            Some(entries) => {
                let place = dice.below(entries.len());
                let other = pack::unzip(other)
                    .and_then(|mut entries| entries.pop())
                    .map(|(_, content)| content);
                mutate(&mut entries[place].1, &other.unwrap_or_default(), &mut dice);
                pack::zip(entries)
            }
            None => {
                let mut bytes = bytes;
                mutate(&mut bytes, other, &mut dice);
                bytes
            }
        };
        let count = hold(&format!("seed {seed}, {name}"), || {
            figures_of(&name, &mutated, &vocabulary)
        });
        assert!(count <= LIMITS.cells * 2, "seed {seed}, {name}: {count} figures");
        damaged += usize::from(count > 0);
    }
    assert!(
        damaged > 0,
        "some damaged files can still be read, else nothing below the container is tried"
    );
}

#[test]
fn texts_of_any_kind_are_read_or_refused() {
    count_panics();
    let vocabulary = Names::embedded();
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let random = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, random);
    let pieces = "([0-9]{1,20}|[年月日季度第至到截止上下半全前余逾约多万亿元宗人次%+.,/~-]|[ ０-９，．％－　]|.){0,20}";
    let toml =
        "(\\[?(default|columns|words|sheet|header|ignore_rows)\\]?|\"[年a-z:]{0,9}\"|=|\\[|\\]|[0-9]|\n|.){0,30}";
    let (values, mappings) = (string_regex(pieces).unwrap(), string_regex(toml).unwrap());
    let is_unit = |word: &str| matches!(word, "元" | "万元" | "宗" | "人次" | "%");
    for run in 0..runs() {
        let mut text = |strategy: &RegexGeneratorStrategy<String>| strategy.new_tree(&mut runner).unwrap().current();
        let (value, mapping) = (text(&values), text(&mappings));
        let year = (run % 3 == 0).then_some(2021);
        hold(&format!("{value:?}"), || {
            let _ = number::parse(&value);
            let _ = span::parse(&value, year);
            let _ = span::of_date(&value);
            let _ = printed::read(&value, &Words::default(), is_unit);
            let rows = format!("{value}\n街道,指标,数值\n笋岗街道,受理信访诉求案件数,{value}\n");
            figures_of("a.csv", rows.as_bytes(), &vocabulary)
        });
        hold(&format!("{mapping:?}"), || Mapping::parse("m.toml", &mapping).is_ok());
    }
}

/// Rows above a header are lost: no row of figures may ever be taken for one, whatever its numbers look like.
#[test]
fn figures_are_never_taken_for_a_header() {
    let vocabulary = Names::embedded();
    let streets = ["深圳市罗湖区笋岗街道", "深圳市罗湖区翠竹街道", "深圳市龙岗区龙城街道"];
    let indicators = ["受理信访诉求案件数", "化解信访诉求案件数", "人民调解受理案件数"];
    for seed in 0..runs() {
        let mut dice = Dice(seed);
        // Years and months, small numbers, any numbers.
        let ranges = [(1990, 50), (202_101, 12), (0, 32), (0, 100_000)];
        let number = |dice: &mut Dice| {
            let (from, count) = *dice.pick(&ranges);
            (from + dice.below(count)).to_string()
        };
        let rows = 1 + dice.below(12);
        let (mut long, mut wide) = ("指标,街道,年度,数值,计量单位\n".to_owned(), "街道,年度,".to_owned());
        wide.push_str(&indicators.join(","));
        for _ in 0..rows {
            let (street, indicator) = (*dice.pick(&streets), *dice.pick(&indicators));
            long.push_str(&format!("{indicator},{street},2025,{},宗\n", number(&mut dice)));
            let values = [number(&mut dice), number(&mut dice), number(&mut dice)].join(",");
            wide.push_str(&format!("\n{street},2025,{values}"));
        }
        assert_eq!(
            figures_of("long.csv", long.as_bytes(), &vocabulary),
            rows,
            "seed {seed}: {long}"
        );
        assert_eq!(
            figures_of("wide.csv", wide.as_bytes(), &vocabulary),
            rows * 3,
            "seed {seed}: {wide}"
        );
    }
}
