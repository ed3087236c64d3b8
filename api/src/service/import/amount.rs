//! The value of a figure with its unit: exact digits, a unit of the right quantity, a number that can be.

use analytics::decimal;
use analytics::status::Status;
use entity::choice::IndicatorKind;
use entity::{indicator, unit};
use rust_decimal::Decimal;

use super::check::Check;
use crate::intake::book::CellKind;
use crate::intake::figures::number::{Number, NumberFault};
use crate::intake::figures::printed::{self, Figure, Printed, PrintedFault};
use crate::intake::figures::{Field, UnitFrom, Vocabulary};
use crate::intake::problem::{Text, clip};
use crate::service::catalog::{SHARES, scale};

/// What a value cell says.
pub(super) struct Amount {
    pub(super) value: Option<f64>,
    pub(super) decimals: i32,
    pub(super) unit_id: Option<i64>,
    /// What the words around the number say of it, or why there is none.
    pub(super) status: Option<Status>,
}

/// Words for yes and no.
const YES: [&str; 9] = ["是", "有", "已", "√", "✓", "TRUE", "true", "yes", "Y"];
const NO: [&str; 7] = ["否", "未", "×", "FALSE", "false", "no", "N"];

impl<'a> Check<'a> {
    /// Value in the base unit, printed decimals and the unit as written.
    pub(super) fn amount(&mut self, indicator: &indicator::Model) -> Option<Amount> {
        let text = self.entry.get(Field::Value);
        if self.entry.kind == CellKind::Date {
            self.fault(
                Field::Value,
                Text::new(
                    format!("`{}` is a date", clip(text)),
                    format!("“{}”是日期,不是数值", clip(text)),
                ),
                Text::new(
                    "format the cell as a number and type the figure again",
                    "请把单元格改为数值格式并重新填写",
                ),
            );
            return None;
        }
        let names = self.names;
        let read = match (indicator.kind, YES.contains(&text), NO.contains(&text)) {
            (IndicatorKind::YesNo, true, _) => Ok(Printed::Figure(yes_no(1))),
            (IndicatorKind::YesNo, _, true) => Ok(Printed::Figure(yes_no(0))),
            _ => printed::read(text, self.words, |word| names.is_unit(word)),
        };
        let figure = match read {
            Ok(Printed::Figure(figure)) => figure,
            Ok(Printed::Absent(status)) => return self.absent(indicator, Some(status)),
            Ok(Printed::Blank) => return self.absent(indicator, None),
            Err(fault) => {
                self.unreadable(text, fault);
                return None;
            }
        };
        let unit = self.unit(indicator, Some(&figure))?;
        let value = self.in_base(unit, figure.number.value)?;
        if !self.fits(indicator, value) {
            return None;
        }
        Some(Amount {
            value: Some(value),
            decimals: i32::try_from(figure.number.decimals).unwrap_or(0),
            unit_id: Some(unit.id),
            status: figure.about,
        })
    }

    /// No number; its unit is still that of the row.
    fn absent(&mut self, indicator: &indicator::Model, status: Option<Status>) -> Option<Amount> {
        let unit = self.unit(indicator, None)?;
        Some(Amount {
            value: None,
            decimals: 0,
            unit_id: Some(unit.id),
            status,
        })
    }

    fn in_base(&mut self, unit: &unit::Model, number: Decimal) -> Option<f64> {
        let value = scale(unit).ok().and_then(|scale| decimal::in_base(number, scale));
        if value.is_none() {
            self.fault(
                Field::Value,
                Text::new("the number is out of range", "数值超出范围"),
                Text::new("check the number and its unit", "请核对数值和单位"),
            );
        }
        value
    }

    /// The unit that the number is written in, which must measure the indicator's quantity: that of the cell, of the row, of the header, in this order.
    /// Where nothing tells it, it is the indicator's own, if that cannot be mistaken.
    fn unit(&mut self, indicator: &indicator::Model, figure: Option<&Figure>) -> Option<&'a unit::Model> {
        let own = self.names.catalog().unit(indicator.unit_id)?;
        let in_cell = figure.and_then(|figure| figure.unit.as_deref());
        let around = self.entry.some(Field::Unit);
        let Some(word) = in_cell.or(around) else {
            return self.unsaid(indicator, own, figure);
        };
        let unit = self.word(word, indicator, own)?;
        if let (Some(cell), Some(row)) = (in_cell, around)
            && self.entry.unit_from == UnitFrom::Row
            && self
                .names
                .catalog()
                .unit_by_word(row)
                .is_some_and(|row| row.scale != unit.scale)
        {
            self.fault(
                Field::Unit,
                Text::new(
                    format!("the cell says {cell}, the row {row}"),
                    format!("单元格写的是{cell},单位列写的是{row}"),
                ),
                Text::new("keep one of them", "请只保留一处"),
            );
            return None;
        }
        if let Some(figure) = figure {
            let scaled = figure.is_scaled && scale(unit).ok() != Some(Decimal::ONE);
            let share = in_cell.is_none()
                && self.entry.unit_from != UnitFrom::Row
                && self.is_share_or_percent(indicator, figure);
            if scaled || share {
                self.ambiguous(indicator, figure);
                return None;
            }
        }
        Some(unit)
    }

    fn unsaid(
        &mut self,
        indicator: &indicator::Model,
        own: &'a unit::Model,
        figure: Option<&Figure>,
    ) -> Option<&'a unit::Model> {
        if let Some(figure) = figure {
            if indicator.display_unit_id != indicator.unit_id && !figure.is_scaled && !figure.number.value.is_zero() {
                let shown = self
                    .names
                    .catalog()
                    .unit(indicator.display_unit_id)
                    .map_or("", |unit| unit.label_zh.as_str());
                self.fault(
                    Field::Unit,
                    Text::new("the unit is blank", "没有写计量单位"),
                    Text::new(
                        format!("write {} or {shown}: they differ by a factor", own.label_zh),
                        format!("请写明{}还是{shown}", own.label_zh),
                    ),
                );
                return None;
            }
            if self.is_share_or_percent(indicator, figure) {
                self.ambiguous(indicator, figure);
                return None;
            }
        }
        Some(own)
    }

    /// 0.97 of a rate is 97 % in one sheet and 0.97 % in the next; above 1 it can only be a percentage.
    fn is_share_or_percent(&self, indicator: &indicator::Model, figure: &Figure) -> bool {
        let is_share = self
            .names
            .catalog()
            .unit(indicator.unit_id)
            .is_some_and(|unit| unit.quantity == SHARES);
        let value = figure.number.value.abs();
        is_share && !value.is_zero() && value <= Decimal::ONE
    }

    fn ambiguous(&mut self, indicator: &indicator::Model, figure: &Figure) {
        let value = figure.number.value;
        let choices = if figure.is_scaled {
            let label = |id: i64| self.names.catalog().unit(id).map_or("", |unit| unit.label_zh.as_str());
            vec![
                format!("{} {}", value, label(indicator.unit_id)),
                format!("{} {}", value, label(indicator.display_unit_id)),
            ]
        } else {
            let percent = value.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(value).normalize();
            vec![format!("{percent}%"), format!("{value}%")]
        };
        self.either(&choices);
    }

    /// One of several, and nobody but the sender knows which.
    fn either(&mut self, choices: &[String]) {
        let text = clip(self.entry.get(Field::Value));
        self.fault(
            Field::Value,
            Text::new(
                format!("`{text}` could be {}", choices.join(" or ")),
                format!("“{text}”可能是 {}", choices.join(" 或 ")),
            ),
            Text::new("write it as one of them", "请按其中一种明确填写"),
        );
    }

    fn word(&mut self, word: &str, indicator: &indicator::Model, own: &unit::Model) -> Option<&'a unit::Model> {
        let Some(unit) = self.names.catalog().unit_by_word(word) else {
            self.fault(
                Field::Unit,
                Text::new(
                    format!("there is no unit `{}`", clip(word)),
                    format!("没有计量单位“{}”", clip(word)),
                ),
                Text::new(
                    format!("write {} or another unit of the same quantity", own.label_zh),
                    format!("请写{}或同类单位", own.label_zh),
                ),
            );
            return None;
        };
        if unit.quantity != own.quantity {
            self.fault(
                Field::Unit,
                Text::new(
                    format!(
                        "{word} counts {}, `{}` is counted in {} ({})",
                        unit.quantity, indicator.code, own.label_zh, own.quantity
                    ),
                    format!(
                        "“{word}”与指标“{}”的单位{}不是同一种量",
                        indicator.name_zh, own.label_zh
                    ),
                ),
                Text::new(
                    "these never merge: take the indicator that is counted in this unit",
                    "两者不能合并:请改用以该单位计量的指标",
                ),
            );
            return None;
        }
        Some(unit)
    }

    fn unreadable(&mut self, text: &str, fault: PrintedFault) {
        let told = clip(text);
        let (message, hint) = match fault {
            PrintedFault::Ambiguous(choices) => return self.either(&choices),
            PrintedFault::Unclear => (
                Text::new(
                    format!("`{told}` could be 0, MISSING or NOT_APPLICABLE"),
                    format!("“{told}”可能是 0、未报或不适用"),
                ),
                Text::new(
                    "write which; a mapping can say it for all cells: [words]",
                    "请明确填写 0、未报或不适用;也可在映射文件的 [words] 中统一说明",
                ),
            ),
            PrintedFault::Unit(word) => (
                Text::new(
                    format!("`{told}` is not a plain number: `{}` is no unit", clip(&word)),
                    format!("“{told}”不是数值:没有单位“{}”", clip(&word)),
                ),
                plain_hint(),
            ),
            PrintedFault::Range => (
                Text::new(format!("`{told}` is a range"), format!("“{told}”是区间")),
                Text::new(
                    "write the figure itself; put the text of the source into `printed`",
                    "请填写具体数值,原文可放在“原文”列",
                ),
            ),
            PrintedFault::Fraction => (
                Text::new(format!("`{told}` is a fraction"), format!("“{told}”是分数")),
                Text::new(
                    "import its two figures; the rate is computed from them",
                    "请分别报送分子和分母,比率由系统计算",
                ),
            ),
            PrintedFault::Digits => (
                Text::new(
                    format!("`{told}` {}", NumberFault::Digits.what()),
                    format!("“{told}”的位数超过可精确保存的范围"),
                ),
                Text::new(NumberFault::Digits.hint(), "最多 15 位有效数字"),
            ),
            PrintedFault::Form => (
                Text::new(
                    format!("`{told}` {}", NumberFault::Form.what()),
                    format!("“{told}”不是数值"),
                ),
                plain_hint(),
            ),
        };
        self.fault(Field::Value, message, hint);
    }

    /// Whole counts, 1 or 0 for yes or no, and the valid range.
    fn fits(&mut self, indicator: &indicator::Model, value: f64) -> bool {
        match indicator.kind {
            IndicatorKind::Count if value.fract() != 0.0 => {
                self.fault(
                    Field::Value,
                    Text::new("a count is a whole number", "件数、人次等应为整数"),
                    Text::new("check the number and its unit", "请核对数值和单位"),
                );
                return false;
            }
            IndicatorKind::YesNo if value != 0.0 && value != 1.0 => {
                self.fault(
                    Field::Value,
                    Text::new("yes is 1, no is 0", "是为 1,否为 0"),
                    Text::new("write 1 or 0", "请填写 1 或 0"),
                );
                return false;
            }
            _ => {}
        }
        let own = self
            .names
            .catalog()
            .unit(indicator.unit_id)
            .map_or(Ok(Decimal::ONE), scale);
        let Ok(own) = own else { return true };
        let told = decimal::in_unit(value, own);
        let (low, high) = (
            indicator.valid_min.unwrap_or(f64::NEG_INFINITY),
            indicator.valid_max.unwrap_or(f64::INFINITY),
        );
        if told < low || told > high {
            self.fault(
                Field::Value,
                Text::new(
                    format!(
                        "{told} is outside the valid range of `{}`, {low} to {high}",
                        indicator.code
                    ),
                    format!("{told} 超出“{}”的有效范围 {low} 至 {high}", indicator.name_zh),
                ),
                Text::new("check the number, its unit and the indicator", "请核对数值、单位和指标"),
            );
            return false;
        }
        true
    }
}

fn plain_hint() -> Text {
    Text::new(NumberFault::Form.hint(), "请填写数字,如 1234.5;原文可放在“原文”列")
}

fn yes_no(value: i64) -> Figure {
    Figure {
        number: Number {
            value: Decimal::from(value),
            decimals: 0,
        },
        unit: None,
        is_scaled: false,
        about: None,
    }
}
