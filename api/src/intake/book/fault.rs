//! What a file may hold, and why a workbook cannot be read.

use crate::config;
use crate::intake::problem::{Problem, Text};

/// What a file may hold at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a workbook when it is unpacked.
    pub unpacked_bytes: u64,
    /// Cells of a workbook that are not blank.
    pub cells: usize,
}

impl From<&config::Import> for Limits {
    fn from(settings: &config::Import) -> Self {
        Self {
            unpacked_bytes: settings.max_unpacked_bytes,
            cells: settings.max_cells,
        }
    }
}

/// Why a workbook cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BookFault {
    /// Not a workbook inside, or cut off.
    Damaged,
    /// More cells than the limit.
    TooManyCells,
}

impl BookFault {
    pub(super) fn problem(self, name: &str, limits: &Limits) -> Box<Problem> {
        let (message, hint) = match self {
            Self::Damaged => (
                Text::new("the workbook is damaged or cut off", "工作簿已损坏或不完整"),
                Text::new(
                    "open it in Excel, WPS or LibreOffice, save it as a new .xlsx, and send that",
                    "请用 Excel、WPS 或 LibreOffice 打开后另存为新的 .xlsx 再报送",
                ),
            ),
            Self::TooManyCells => (
                Text::new(
                    format!("the workbook has more than {} cells", limits.cells),
                    format!("工作簿的单元格超过 {} 个", limits.cells),
                ),
                Text::new(
                    "split it, or send so many figures as CSV",
                    "请拆分工作簿;数据量大时请改用 CSV",
                ),
            ),
        };
        Box::new(Problem::of_file(name, message, hint))
    }
}
