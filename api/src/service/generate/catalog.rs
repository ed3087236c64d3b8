//! The synthetic city's catalogue as the files that a bureau would write, so that it passes every check.

use std::fmt::Write as _;

use analytics::indicator::{IndicatorKind, OverTime};
use analytics::period::Period;
use analytics::synthetic::{City, Level, Org, Spec};

use crate::intake::catalog::CatalogFile;

const UNITS: &str = r#"[[unit]]
code = "case"
quantity = "case"
scale = "1"
words = ["件"]
label = { zh = "件", en = "cases" }

[[unit]]
code = "yuan"
quantity = "money"
scale = "1"
words = ["元"]
label = { zh = "元", en = "yuan" }

[[unit]]
code = "wan_yuan"
quantity = "money"
scale = "10000"
words = ["万元"]
label = { zh = "万元", en = "10,000 yuan" }

[[unit]]
code = "percent"
quantity = "ratio"
scale = "0.01"
words = ["%"]
label = { zh = "%", en = "%" }
"#;

const THEMES: &str = r#"[[theme]]
code = "synthetic"
order = 1
name = { zh = "模拟指标", en = "synthetic indicators" }
"#;

/// The files.
pub(super) fn files(city: &City) -> Vec<CatalogFile> {
    let file = |name: &str, text: String| CatalogFile {
        name: name.to_owned(),
        text,
    };
    vec![
        file("units.toml", UNITS.to_owned()),
        file("themes.toml", THEMES.to_owned()),
        file("organisations.toml", organisations(&city.orgs())),
        file("indicators.toml", indicators(&city.indicators())),
    ]
}

fn organisations(orgs: &[Org]) -> String {
    let mut text = String::new();
    for org in orgs {
        let (level, zh, en) = name(org);
        // Writing into a text does not fail.
        let _ = write!(
            text,
            "[[org]]\ncode = \"{}\"\nlevel = \"{level}\"\nname = {{ zh = \"{zh}\", en = \"{en}\" }}\n",
            org.code
        );
        let code = |number: usize| orgs.get(number).map_or("", |org| org.code.as_str());
        match org.parents.as_slice() {
            [] => {}
            [(_, parent)] => {
                let _ = writeln!(text, "parent = \"{}\"", code(*parent));
            }
            parents => {
                let month =
                    |month: i32| Period::from_months(month, month).map_or_else(String::new, |it| it.to_string());
                for (place, (from, parent)) in parents.iter().enumerate() {
                    let _ = writeln!(text, "[[org.parents]]\norg = \"{}\"", code(*parent));
                    if let Some(from) = from {
                        let _ = writeln!(text, "from = \"{}\"", month(*from));
                    }
                    if let Some((Some(next), _)) = parents.get(place + 1) {
                        let _ = writeln!(text, "to = \"{}\"", month(*next - 1));
                    }
                }
            }
        }
        text.push('\n');
    }
    text
}

fn name(org: &Org) -> (&'static str, String, String) {
    let [district, street, community] = org.place;
    match org.level {
        Level::City => ("CITY", "模拟市".to_owned(), "Synthetic City".to_owned()),
        Level::District => (
            "DISTRICT",
            format!("模拟市{district}区"),
            format!("District {district}"),
        ),
        Level::Street => (
            "STREET",
            format!("模拟市{district}区{street}街道"),
            format!("Street {district}.{street}"),
        ),
        Level::Community => (
            "COMMUNITY",
            format!("模拟市{district}区{street}街道{community}社区"),
            format!("Community {district}.{street}.{community}"),
        ),
    }
}

fn indicators(specs: &[Spec]) -> String {
    let mut text = String::new();
    for spec in specs {
        let (kind, unit, over_orgs, polarity) = match spec.kind {
            IndicatorKind::Ratio => ("RATIO", "percent", "RATIO_OF_SUMS", "HIGHER_BETTER"),
            IndicatorKind::Amount => ("AMOUNT", "yuan", "SUM", "NEUTRAL"),
            _ => ("COUNT", "case", "SUM", "NEUTRAL"),
        };
        let over_time = if spec.over_time == OverTime::Last {
            "LAST"
        } else {
            "SUM"
        };
        let decimals = if kind == "COUNT" { 0 } else { 2 };
        let words = spec.code.replace('_', " ");
        let _ = write!(
            text,
            "[[indicator]]\ncode = \"{}\"\nkind = \"{kind}\"\ntheme = \"synthetic\"\nunit = \"{unit}\"\n\
             over_orgs = \"{over_orgs}\"\nover_time = \"{over_time}\"\npolarity = \"{polarity}\"\ndecimals = {decimals}\n",
            spec.code
        );
        if kind == "AMOUNT" {
            text.push_str("display_unit = \"wan_yuan\"\n");
        }
        if let Some((above, below)) = spec.parts {
            let code = |number: usize| specs.get(number).map_or("", |spec| spec.code.as_str());
            let _ = writeln!(
                text,
                "numerator = \"{}\"\ndenominator = \"{}\"",
                code(above),
                code(below)
            );
        }
        let _ = write!(
            text,
            "name = {{ zh = \"模拟 {words}\", en = \"{words}\" }}\n[[indicator.version]]\n\
             definition = {{ zh = \"模拟数据，不是真实数据\", en = \"made up; not real\" }}\n\n"
        );
    }
    text
}
