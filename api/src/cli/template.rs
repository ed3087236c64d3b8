//! `plumbline template`

use std::path::PathBuf;

use analytics::period::Period;
use clap::Args;

use super::fault::{CommandError, counted};
use super::selection::{Selection, period, write};
use super::session::{connect, operator};
use crate::config::Config;
use crate::export::observation::About;
use crate::export::template::workbook;
use crate::service::template::TemplateQuery;

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The file, an .xlsx.
    file: PathBuf,
    #[command(flatten)]
    selection: Selection,
    /// The period that is to be reported.
    #[arg(long, value_parser = period)]
    period: Period,
    /// All of these indicators, and not only those that were reported in earlier years.
    #[arg(long)]
    all: bool,
}

pub(super) async fn run(config: Config, arguments: Arguments) -> Result<(), CommandError> {
    let app = connect(config).await?;
    let query = TemplateQuery {
        orgs: arguments.selection.orgs(),
        indicators: arguments.selection.indicators(),
        period: arguments.period,
        all: arguments.all,
    };
    let owed = app.service().template(&operator(), &query).await?;
    if owed.is_empty() {
        return Err(CommandError::Refused(
            "these organisations reported none of these indicators in the five years before; --all asks for all of them"
                .to_owned(),
        ));
    }
    let lines = [
        ("填报期间", query.period.to_string()),
        (
            "填写",
            "只填“数值”“状态”“备注”三列。没有发生请填 0;没有数值请把“数值”留空并选择状态:未报、不适用或保密".to_owned(),
        ),
        ("留空", "数值和状态都留空的行不作任何改动".to_owned()),
        (
            "上年同期、合理范围",
            "仅供核对:合理范围为前五年数值最小值的一半至最大值的两倍".to_owned(),
        ),
        ("报送", "保存后直接导入;代码和单元标识已锁定,请勿改动".to_owned()),
    ];
    let about = About {
        lines: lines
            .into_iter()
            .map(|(label, text)| (label.to_owned(), text))
            .collect(),
    };
    let bytes = workbook(&owed, &about).map_err(|error| CommandError::Refused(error.to_string()))?;
    write(&arguments.file, &bytes)?;
    println!(
        "{} to be reported, written to {}.",
        counted(owed.len(), "figure"),
        arguments.file.display()
    );
    Ok(())
}
