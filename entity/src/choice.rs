//! The closed lists of the schema: text in the database (checked there too), enums here.

use sea_orm::entity::prelude::*;

/// How high an organisation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrgLevel {
    /// A province (省).
    Province,
    /// A city (市).
    City,
    /// A district or county (区县).
    District,
    /// A street or township (镇街).
    Street,
    /// A village or residential community (村社区).
    Community,
    /// A department beside the territorial line (部门).
    Department,
}

/// How one organisation followed another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SuccessionKind {
    /// One became several.
    Split,
    /// Several became one.
    Merge,
    /// One became one under another name.
    Rename,
}

/// What kind of number an indicator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IndicatorKind {
    /// A number of things or events.
    Count,
    /// Money.
    Amount,
    /// One indicator divided by another.
    Ratio,
    /// A formula over other indicators.
    Derived,
    /// Points given by somebody.
    Score,
    /// 1 for yes, 0 for no.
    YesNo,
}

/// How an indicator is rolled up over organisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OverOrgs {
    /// The values add up.
    Sum,
    /// The sum of numerators over the sum of denominators.
    RatioOfSums,
    /// The plain mean.
    Mean,
    /// The greatest value.
    Max,
    /// Not at all.
    None,
}

/// How an indicator is rolled up over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OverTime {
    /// A flow: the parts add up.
    Sum,
    /// A stock: the last part counts.
    Last,
    /// The plain mean.
    Mean,
    /// Not at all.
    None,
}

/// Which way is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Polarity {
    /// More is better.
    HigherBetter,
    /// Less is better.
    LowerBetter,
    /// Neither: never judged.
    Neutral,
}

/// Which of a reported total and the sum of the parts is the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TotalRule {
    /// The reported one, when there is one.
    Reported,
    /// Always the sum.
    Summed,
}

/// What the presence or absence of a value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ObservationStatus {
    /// Reported.
    Normal,
    /// May still change.
    Provisional,
    /// Estimated or imputed.
    Estimated,
    /// At least this much.
    LowerBound,
    /// Owed and not reported: no value.
    Missing,
    /// Cannot exist here: no value.
    NotApplicable,
    /// Known and withheld: no value.
    Suppressed,
}

/// Why a value was revised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RevisionReason {
    /// The first value was wrong.
    Error,
    /// The value came late.
    Late,
    /// The method changed.
    Method,
    /// The organisation's boundary changed.
    Boundary,
    /// An appeal was granted.
    Appeal,
}

/// Who speaks in a mark of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MarkStage {
    /// The organisation itself.
    SelfScore,
    /// The reviewer.
    Review,
    /// Whoever decides.
    Final,
}

/// How far an objection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ObjectionState {
    /// Not decided.
    Open,
    /// Granted.
    Upheld,
    /// Turned down.
    Dismissed,
}

/// What kind of item it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RectificationKind {
    /// A problem that is to be rectified.
    Problem,
    /// A task of the next year.
    Task,
}

/// How far an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RectificationStatus {
    /// Under way.
    Open,
    /// Done.
    Done,
    /// Goes on in a later year.
    CarriedOver,
}

/// What a change touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Topic {
    /// Units, themes, organisations, breakdowns or indicators.
    Catalog,
    /// Observations of one indicator.
    Observations,
    /// Targets of one indicator.
    Targets,
}

/// What somebody may do with a part of the organisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Reads, and reports figures.
    Reporter,
    /// Reads, and checks what others reported.
    Reviewer,
    /// Reads, sets targets, and publishes.
    Publisher,
    /// Everything.
    Admin,
}

/// What became of what was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuditResult {
    /// It was done.
    Done,
    /// It was refused; nothing was changed.
    Refused,
}

impl Role {
    /// The role of a stored code, such as `VIEWER`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::try_from_value(&code.to_owned()).ok()
    }

    /// The stored code.
    #[must_use]
    pub fn code(self) -> String {
        self.to_value()
    }
}

impl AuditResult {
    /// The stored code.
    #[must_use]
    pub fn code(self) -> String {
        self.to_value()
    }
}

/// How far a submission is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubmissionState {
    /// Being filled.
    Draft,
    /// Handed in, to be reviewed.
    Submitted,
    /// Handed back to be mended.
    Returned,
    /// Reviewed, to be published.
    Approved,
    /// Its figures stand among the observations.
    Published,
    /// Closed.
    Locked,
}

/// What was done to a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubmissionAct {
    /// Opened.
    Open,
    /// Figures were entered or taken out.
    Fill,
    /// Handed in.
    Submit,
    /// Taken back by those who handed it in.
    Withdraw,
    /// Handed back to be mended.
    Return,
    /// Approved.
    Approve,
    /// Published.
    Publish,
    /// Closed.
    Lock,
    /// Opened again for a correction.
    Unlock,
    /// The time of the correction was over.
    Expire,
    /// Something was said.
    Comment,
}

impl RevisionReason {
    /// The reason of a stored code, such as `LATE`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::try_from_value(&code.to_owned()).ok()
    }

    /// The stored code.
    #[must_use]
    pub fn code(self) -> String {
        self.to_value()
    }
}

impl SubmissionState {
    /// The stored code.
    #[must_use]
    pub fn code(self) -> String {
        self.to_value()
    }

    /// The state of a stored code, such as `DRAFT`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::try_from_value(&code.to_owned()).ok()
    }
}

impl OrgLevel {
    /// Its code.
    #[must_use]
    pub fn code(self) -> String {
        self.to_value()
    }

    /// The level of a stored code, such as `STREET`.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::try_from_value(&code.to_owned()).ok()
    }
}
