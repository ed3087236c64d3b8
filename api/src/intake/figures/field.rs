//! What a column of figures can hold, and the words that sheets have for it.

use strum::{EnumCount, EnumIter, EnumString, IntoEnumIterator, IntoStaticStr};

/// What a column holds. The names are those of the long form's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumCount, EnumIter, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Field {
    /// What is counted.
    Indicator,
    /// Whose figure it is.
    Org,
    /// The months it stands for.
    Period,
    /// The item of a breakdown.
    Breakdown,
    /// The figure.
    Value,
    /// The unit it is written in.
    Unit,
    /// What the figure, or its absence, means.
    Status,
    /// The figure as its source prints it.
    Printed,
    /// Remarks that calculations heed.
    Flags,
    /// Title of the document.
    SourceTitle,
    /// Where the document stands.
    SourceUrl,
    /// Who published it.
    Publisher,
    /// When it was published.
    PublishedOn,
    /// The place in the document.
    Locator,
    /// What to beware of.
    Note,
    /// The hidden name that our own workbooks give a figure, with the revision it was when they were written.
    Cell,
}

/// The columns of the long form, in the order in which we write them.
pub const COLUMNS: [&str; Field::COUNT] = [
    "indicator",
    "org",
    "period",
    "breakdown",
    "value",
    "unit",
    "status",
    "printed",
    "flags",
    "source_title",
    "source_url",
    "publisher",
    "published_on",
    "locator",
    "note",
    "cell",
];

/// Columns of our own exports that say again what others say, and columns of sheets that are computed or only for the eye.
const IGNORED: [&str; 55] = [
    "indicator_name",
    "org_name",
    "revision",
    "序号",
    "编号",
    "no",
    "no.",
    "同比",
    "环比",
    "增长",
    "增长率",
    "增减",
    "增减率",
    "同比增长",
    "环比增长",
    "同比增减",
    "同比增长(%)",
    "同比(%)",
    "环比(%)",
    "排名",
    "名次",
    "指标名称(参考)",
    "机构名称(参考)",
    "口径(参考)",
    "org_path",
    "上年同期(参考)",
    "合理范围(参考)",
    "填报说明",
    "审核意见",
    "theme",
    "theme_name",
    "org_level",
    "period_type",
    "period_start",
    "period_end",
    "numerator",
    "denominator",
    "decimals",
    "is_total",
    "parts_present",
    "parts_expected",
    "reason",
    "主题代码",
    "主题名称",
    "机构层级",
    "期间类型",
    "期间起日",
    "期间止日",
    "分子",
    "分母",
    "小数位",
    "合计行",
    "已报机构数",
    "应报机构数",
    "无值原因",
];

impl Field {
    /// The name of the column.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The Chinese name that our own files give it.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        self.words().first().copied().unwrap_or_default()
    }

    /// The words that sheets have for it. `单位` is not among them: it is the organisation in one sheet and the unit in the next.
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Indicator => &[
                "指标",
                "指标名称",
                "指标代码",
                "指标编码",
                "项目",
                "统计项目",
                "统计指标",
            ],
            Self::Org => &[
                "机构",
                "机构名称",
                "机构代码",
                "单位名称",
                "填报单位",
                "报送单位",
                "组织",
                "街道",
                "街道名称",
                "镇街",
                "街镇",
                "区",
                "区县",
                "地区",
                "区域",
                "部门",
                "社区",
                "organisation",
                "org_unit",
            ],
            Self::Period => &[
                "期间",
                "时期",
                "时间",
                "统计期",
                "统计期间",
                "统计时间",
                "报告期",
                "数据期间",
                "年份",
                "年度",
                "月份",
                "季度",
            ],
            Self::Breakdown => &["分类", "分组", "细分"],
            Self::Value => &["数值", "值", "数据", "指标值", "数量", "本期数"],
            Self::Unit => &["计量单位"],
            Self::Status => &["状态"],
            Self::Printed => &["原文", "原文数值", "印刷值"],
            Self::Flags => &["标记"],
            Self::SourceTitle => &["来源", "资料来源", "数据来源", "来源文件", "文件标题"],
            Self::SourceUrl => &["网址", "链接", "来源网址"],
            Self::Publisher => &["发布机构", "发布单位"],
            Self::PublishedOn => &["发布日期", "公布日期", "发布时间"],
            Self::Locator => &["位置", "出处", "页码", "章节"],
            Self::Note => &["备注", "说明", "注"],
            Self::Cell => &["单元标识"],
        }
    }

    /// The field that a header means, by name or word.
    #[must_use]
    pub fn of_label(label: &str) -> Option<Self> {
        let label = label.to_lowercase();
        Self::iter().find(|field| field.name() == label || field.words().contains(&label.as_str()))
    }
}

/// Whether a column of this header holds nothing that is imported.
#[must_use]
pub(super) fn is_ignored(label: &str) -> bool {
    IGNORED.contains(&label.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_columns_are_the_fields() {
        let names: Vec<&str> = Field::iter().map(Field::name).collect();
        assert_eq!(names, COLUMNS);
    }

    #[test]
    fn no_word_means_two_fields() {
        let mut words: Vec<&str> = Field::iter().flat_map(|field| field.words().to_vec()).collect();
        words.extend(COLUMNS);
        words.extend(IGNORED);
        let all = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), all);
        assert_eq!(Field::of_label("指标名称"), Some(Field::Indicator));
        assert_eq!(Field::of_label("单位"), None);
    }
}
