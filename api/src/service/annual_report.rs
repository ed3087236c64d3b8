//! The statistical part of an annual report: for each theme what was reported, against a year earlier, in words and as a table.

use analytics::decimal::{self, Rounding};
use analytics::flag::Flag;
use analytics::measure::Measure;
use analytics::op::{Comparability, Comparison};
use analytics::period::Period;
use analytics::sentence::{self, Against, Language};
use analytics::status::Status;

use super::Service;
use super::access::Sight;
use super::catalog::{Catalog, scale};
use super::compare::{Baseline, Question};
use super::hierarchy::{Hierarchy, View};
use super::provisional::Include;
use super::selector::{self, IndicatorSelector, OrgSelector};
use crate::error::Error;
use crate::export::evaluation::dossier::{AnnualReport, FigureRow, ThemeSection};

impl Service {
    /// The figures of one organisation and period by theme; indicators of which nothing was ever said are left out.
    ///
    /// # Errors
    /// [`Error::NotFound`] for an unknown code.
    pub async fn annual_report(
        &self,
        sight: &Sight,
        org: &str,
        period: Period,
        as_of: Option<i64>,
    ) -> Result<AnnualReport, Error> {
        let ordinal = selector::org(&sight.snapshot.catalog, org)?;
        let question = Question {
            indicators: IndicatorSelector::default(),
            orgs: OrgSelector {
                codes: Some(vec![org.to_owned()]),
                ..OrgSelector::default()
            },
            period,
            baseline: Baseline::PreviousYear,
            base_period: None,
            years: None,
            comparability: Comparability::All,
            across_breaks: false,
            view: View::new(Hierarchy::AsReported, None)?,
            as_of,
            include: Include::Published,
            max_cells: u64::MAX,
        };
        let answer = self.compare(sight, question).await?;
        let catalog = &sight.snapshot.catalog;
        let mut themes: Vec<ThemeSection> = Vec::new();
        for row in answer.rows.iter().filter(|row| is_said(row)) {
            let Some(indicator) = catalog.indicator(row.indicator) else {
                continue;
            };
            let Some(theme) = catalog.theme(indicator.theme_id) else {
                continue;
            };
            if themes.last().is_none_or(|section| section.code != theme.code) {
                themes.push(ThemeSection {
                    code: theme.code.clone(),
                    name: theme.name_zh.clone(),
                    paragraphs: Vec::new(),
                    rows: Vec::new(),
                });
            }
            if let Some(section) = themes.last_mut() {
                section.rows.push(figure(row, indicator, catalog, period)?);
            }
        }
        for section in &mut themes {
            section.paragraphs = paragraphs(section);
        }
        Ok(AnnualReport {
            org: org.to_owned(),
            org_name: catalog.org(ordinal).map(|org| org.name_zh.clone()).unwrap_or_default(),
            period: period.to_string(),
            period_name: sentence::period_zh(period),
            themes,
        })
    }
}

/// Whether anything stands behind the row: a value, or a status that somebody gave.
fn is_said(row: &Comparison) -> bool {
    let said = |measure: &Measure| measure.value.is_some() || measure.reported_by.is_some();
    said(&row.current) || said(&row.base)
}

fn figure(
    row: &Comparison,
    indicator: &entity::indicator::Model,
    catalog: &Catalog,
    period: Period,
) -> Result<FigureRow, Error> {
    let unit = catalog.unit(indicator.display_unit_id);
    let unit = unit.ok_or_else(|| Error::internal("an indicator without unit"))?;
    let scale = scale(unit)?;
    let told = |value: Option<f64>| value.map(|value| decimal::in_unit(value, scale));
    let decimals = u32::try_from(indicator.decimals).unwrap_or(0);
    let setting = sentence::Setting {
        period,
        against: Against::Period(period.previous_year()),
        absolute: row
            .change
            .absolute
            .map(|value| (decimal::in_unit(value, scale), unit.label_zh.as_str())),
        decimals,
        rounding: Rounding::HalfUp,
        times: false,
    };
    Ok(FigureRow {
        indicator: indicator.name_zh.clone(),
        unit: unit.label_zh.clone(),
        decimals,
        current: told(row.current.value),
        base: told(row.base.value),
        change: sentence::describe(&row.change, &setting, Language::Zh),
        absent: row.current.value.is_none().then(|| absent(&row.current).to_owned()),
        remarks: remarks(&row.current),
    })
}

fn absent(measure: &Measure) -> &'static str {
    match measure.status {
        Status::NotApplicable => "不适用",
        Status::Suppressed => "不公开",
        _ => "未报",
    }
}

fn remarks(measure: &Measure) -> Vec<String> {
    let mut found = Vec::new();
    let flags = [
        (Flag::Provisional, "含暂定数"),
        (Flag::Estimated, "含估计数"),
        (Flag::LowerBound, "含下限数"),
        (Flag::Break, "与以前不可比"),
        (Flag::ScopeChanged, "口径有调整"),
        (Flag::Discrepancy, "与公布的比率不一致"),
        (Flag::SummedOverTime, "由分期数合计"),
        (Flag::RolledUp, "由下级汇总"),
    ];
    match measure.status {
        Status::Provisional => found.push("暂定数".to_owned()),
        Status::Estimated => found.push("估计数".to_owned()),
        Status::LowerBound => found.push("不少于此数".to_owned()),
        _ => {}
    }
    let carried = flags.into_iter().filter(|(flag, _)| measure.flags.contains(*flag));
    found.extend(carried.map(|(_, text)| text.to_owned()));
    if measure.flags.contains(Flag::Incomplete) {
        let missing = measure.coverage.expected.saturating_sub(measure.coverage.present);
        found.push(format!("缺{missing}项"));
    }
    found
}

/// One paragraph a theme: each figure with its change, as offices word it.
fn paragraphs(section: &ThemeSection) -> Vec<String> {
    let clause = |row: &FigureRow| {
        let value = row.current?;
        let number = decimal::shortest(value, row.decimals, Rounding::HalfUp);
        let bound = if row.remarks.iter().any(|remark| remark == "不少于此数") {
            "不少于"
        } else {
            ""
        };
        let compared = if row.base.is_some() {
            format!("，{}", row.change)
        } else {
            String::new()
        };
        Some(format!("{}{bound}{number}{}{compared}", row.indicator, row.unit))
    };
    let clauses: Vec<String> = section.rows.iter().filter_map(clause).collect();
    let absent: Vec<&str> = section
        .rows
        .iter()
        .filter(|row| row.current.is_none())
        .map(|row| row.indicator.as_str())
        .collect();
    let mut paragraphs = Vec::new();
    if !clauses.is_empty() {
        paragraphs.push(format!("{}。", clauses.join("；")));
    }
    if !absent.is_empty() {
        paragraphs.push(format!("本期未报或不适用：{}。", absent.join("、")));
    }
    paragraphs
}
