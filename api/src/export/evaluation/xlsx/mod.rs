//! An evaluation as a workbook: a summary, a sheet a dimension, a score card an organisation, rectifications, and what the file is.

mod about;
mod card;
mod chart;
mod dimension;
mod name;
mod page;
mod rectification;
mod summary;
mod table;

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use self::name::Names;
use super::dossier::Dossier;
use super::outline;

/// The workbook. Numbers are numbers in the unit of their column, exact as far as a double is; formats round them.
///
/// # Errors
/// When there are more organisations, criteria or sheets than a workbook holds.
pub fn workbook(dossier: &Dossier) -> Result<Vec<u8>, XlsxError> {
    let evaluation = &dossier.evaluation;
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(dossier));
    let mut names = Names::default();
    let groups = outline::groups(evaluation);
    let fields = outline::fields(evaluation);

    let summary = names.take("汇总");
    let (rectifications, about) = (names.take("问题与任务"), names.take("说明"));
    let blocks = summary::sheet(workbook.add_worksheet().set_name(&summary)?, dossier, &groups, &fields)?;
    for (field, rows) in fields.iter().zip(blocks) {
        let name = names.take(&format!("汇总图（{}）", field.track));
        let sheet = workbook.add_worksheet().set_name(&name)?;
        summary::charts(sheet, &summary, (field.track, rows), &groups)?;
    }
    for group in &groups {
        let name = names.take(&group.name);
        dimension::sheet(workbook.add_worksheet().set_name(&name)?, evaluation, group, &fields)?;
    }
    for field in &fields {
        for place in &field.units {
            let Some(unit) = evaluation.units.get(*place) else {
                continue;
            };
            let name = names.take(&unit.name.zh);
            let sheet = workbook.add_worksheet().set_name(&name)?;
            card::sheet(sheet, evaluation, unit, dossier.readings.get(*place))?;
        }
    }
    rectification::sheet(workbook.add_worksheet().set_name(&rectifications)?, dossier)?;
    about::sheet(workbook.add_worksheet().set_name(&about)?, dossier)?;
    workbook.save_to_buffer()
}

/// The file's own dates are those of its content, so that the same evaluation gives the same bytes.
fn properties(dossier: &Dossier) -> DocProperties {
    let framework = &dossier.evaluation.framework;
    let mut properties = DocProperties::new();
    properties = properties.set_title(format!("{} {}", framework.name.zh, dossier.evaluation.period));
    if let Some(moment) = table::moment(&dossier.evaluation.as_of) {
        properties = properties.set_creation_datetime(&moment);
    }
    properties
}
