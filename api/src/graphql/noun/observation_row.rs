//! Figures as flat rows for BI tools: only built-in scalars and `Date`, whole or an error. The rows are written as text where they are made.

use std::borrow::Cow;
use std::sync::LazyLock;

use async_graphql::connection::PageInfo;
use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{Context, ContextSelectionSet, Object, OutputType, Positioned, Result, ServerResult, Value};

use super::observation_filter::ObservationFilter;
use crate::error::Error;
use crate::export::json::{JsonTable, Shape};
use crate::export::table::{Batch, Cells, Column, Kind};
use crate::graphql::context::Ask;
use crate::graphql::place::Place;
use crate::graphql::registry::{Described, object};
use crate::graphql::scalar::date::Date;
use crate::graphql::scalar::period::Period;
use crate::graphql::scalar::time::DateTime;
use crate::graphql::shape::{Part, RowType, shape};
use crate::service::availability::Question;
use crate::service::observation_table::{Slice, columns};
use crate::service::provisional::Include;
use crate::service::selector::{IndicatorSelector, OrgSelector, level};
use crate::service::table::Table;

const ROW: &str = "ObservationRow";
const EDGE: &str = "ObservationRowEdge";
/// Rows of a page when `first` is left out: clients of this list fetch all of it.
const PAGE: u64 = 5000;

/// The columns with their names in GraphQL.
static FIELDS: LazyLock<Vec<(String, Column)>> = LazyLock::new(|| {
    let field = |column: Column| (camel_case(&column.name), column);
    columns().into_iter().map(field).collect()
});

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut text, word| {
        let (head, rest) = word.split_at(word.len().min(1));
        text.push_str(&head.to_ascii_uppercase());
        text.push_str(rest);
        text
    })
}

fn cell(name: &str) -> Option<Part> {
    FIELDS.iter().position(|(known, _)| known == name).map(Part::Cell)
}

static ROW_TYPE: RowType = RowType { name: ROW, field: cell };
static EDGE_TYPE: RowType = RowType {
    name: EDGE,
    field: |name| match name {
        "node" => Some(Part::Row(&ROW_TYPE)),
        // Behind the columns.
        "cursor" => Some(Part::Cell(FIELDS.len())),
        _ => None,
    },
};

/// The type of a row, made from the columns.
enum ObservationRow {}

impl OutputType for ObservationRow {
    fn type_name() -> Cow<'static, str> {
        ROW.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        object::<Self>(
            registry,
            ROW,
            "One figure as a flat row: codes and Chinese names as texts, the period with its days, a ratio with both its parts.",
            |registry| {
                let field = |(name, column): &(String, Column)| {
                    let kind = scalar(column.kind, registry);
                    Described {
                        name: name.clone(),
                        kind: if column.required {
                            kind
                        } else {
                            kind.trim_end_matches('!').to_owned()
                        },
                        description: column.about.clone(),
                    }
                };
                FIELDS.iter().map(field).collect()
            },
        )
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        match *self {}
    }
}

fn scalar(kind: Kind, registry: &mut Registry) -> String {
    match kind {
        Kind::Code | Kind::Text => String::create_type_info(registry),
        Kind::Number => f64::create_type_info(registry),
        Kind::Integer => i32::create_type_info(registry),
        Kind::Boolean => bool::create_type_info(registry),
        Kind::Date => Date::create_type_info(registry),
        Kind::Time => DateTime::create_type_info(registry),
    }
}

/// The type of a row in a page.
enum ObservationRowEdge {}

impl OutputType for ObservationRowEdge {
    fn type_name() -> Cow<'static, str> {
        EDGE.into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        object::<Self>(registry, EDGE, "A row of a page and its cursor.", |registry| {
            let described = |name: &str, kind: String, description: &str| Described {
                name: name.to_owned(),
                kind,
                description: description.to_owned(),
            };
            vec![
                described("node", <Option<ObservationRow>>::create_type_info(registry), "Row."),
                described(
                    "cursor",
                    String::create_type_info(registry),
                    "Opaque place of the row, for `after`.",
                ),
            ]
        })
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        match *self {}
    }
}

/// A list of rows as JSON text.
struct Written<T> {
    text: Vec<u8>,
    of: std::marker::PhantomData<fn() -> T>,
}

impl<T: OutputType> Written<T> {
    fn new(shape: &Shape, batches: &[Batch]) -> Self {
        let mut table = JsonTable::new(shape);
        batches.iter().for_each(|batch| table.batch(batch));
        table.end();
        Self {
            text: table.take(),
            of: std::marker::PhantomData,
        }
    }
}

impl<T: OutputType> OutputType for Written<T> {
    fn type_name() -> Cow<'static, str> {
        format!("[{}]", T::type_name()).into()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry);
        Self::qualified_type_name()
    }

    async fn resolve(&self, _: &ContextSelectionSet<'_>, _: &Positioned<Field>) -> ServerResult<Value> {
        Ok(Value::Binary(self.text.clone().into()))
    }
}

/// All rows of a table, but no more than `most`.
async fn gather(mut table: Table, most: u64) -> Result<Vec<Batch>, Error> {
    let (mut batches, mut count) = (Vec::new(), 0);
    while let Some(batch) = table.next().await? {
        count += batch.rows as u64;
        if count > most {
            return Err(Error::Limit {
                what: "a table",
                asked: count,
                allowed: most,
                hint: "choose fewer figures, page with limit and offset, or take /export/observations, which has no limit",
            });
        }
        batches.push(batch);
    }
    Ok(batches)
}

fn natural(name: &str, number: Option<i32>) -> Result<Option<u64>, Error> {
    let refuse = |_| Error::input(format!("{name} is negative"), "give 0 or more");
    number.map(|number| u64::try_from(number).map_err(refuse)).transpose()
}

/// A page of flat rows. What BI tools page through is nullable at each step.
pub(crate) struct ObservationRowConnection {
    batches: Vec<Batch>,
    as_of: Option<i64>,
    /// What tells the question from others.
    question: u64,
    /// Rows before the page.
    before: u64,
    /// Rows of the page.
    count: u64,
    has_next: bool,
}

impl ObservationRowConnection {
    fn cursor(&self, place: u64) -> String {
        Place::new(self.as_of, self.before + place, self.question).cursor()
    }
}

/// A page of figures as flat rows, nullable at each step as BI tools need it.
#[Object]
impl ObservationRowConnection {
    /// Rows with their cursors.
    #[allow(private_interfaces, reason = "the type is told by its name in the schema")]
    async fn edges(&self, ctx: &Context<'_>) -> Option<Written<ObservationRowEdge>> {
        let shape = shape(&ctx.item.node.selection_set.node, &EDGE_TYPE);
        let mut at = 0;
        let with_cursors = self.batches.iter().map(|batch| {
            let mut batch = batch.clone();
            let of_row = |row: usize| Some(self.cursor(at + row as u64 + 1));
            batch.cells.push(Cells::Text((0..batch.rows).map(of_row).collect()));
            at += batch.rows as u64;
            batch
        });
        Some(Written::new(&shape, &with_cursors.collect::<Vec<_>>()))
    }

    /// Whether there is more after this page, and the cursor to page on with.
    async fn page_info(&self) -> PageInfo {
        let is_empty = self.count == 0;
        PageInfo {
            has_previous_page: self.before > 0,
            has_next_page: self.has_next,
            start_cursor: (!is_empty).then(|| self.cursor(1)),
            end_cursor: (!is_empty).then(|| self.cursor(self.count)),
        }
    }
}

#[derive(Default)]
pub(crate) struct ObservationRowQuery;

/// Queries of flat rows.
#[Object]
impl ObservationRowQuery {
    /// Figures as flat rows for BI tools, by indicator, organisation, breakdown and period: all of them or an error, never cut silently.
    #[allow(private_interfaces, reason = "the type is told by its name in the schema")]
    async fn observation_table(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which figures; all when left out.")] filter: Option<ObservationFilter>,
        #[graphql(desc = "As they were known at this time; now when left out.")] as_of: Option<DateTime>,
        #[graphql(desc = "So many rows at most: a page that is asked for. All when left out.")] limit: Option<i32>,
        #[graphql(desc = "Leave out so many rows at the beginning.")] offset: Option<i32>,
        #[graphql(
            default = false,
            desc = "Add a row for each indicator and period that puts all organisations of the table together by the indicator's own rule."
        )]
        totals: bool,
    ) -> Result<Option<Written<ObservationRow>>> {
        let most = ctx.limits()?.max_table_rows;
        let limit = natural("limit", limit)?;
        if let Some(asked) = limit.filter(|asked| *asked > most) {
            return Err(Error::Limit {
                what: "limit",
                asked,
                allowed: most,
                hint: "page with limit and offset, or take /export/observations, which has no limit",
            }
            .into());
        }
        let slice = Slice {
            totals,
            offset: natural("offset", offset)?.unwrap_or(0),
            limit,
        };
        let question = filter
            .unwrap_or_default()
            .available(as_of.map(DateTime::micros), Include::Published);
        let table = ctx.service()?;
        let table = table.observation_table(ctx.sight()?, question, slice, String::new());
        let batches = gather(table.await?, most).await?;
        let shape = shape(&ctx.item.node.selection_set.node, &ROW_TYPE);
        Ok(Some(Written::new(&shape, &batches)))
    }

    /// The same rows in pages, with texts as arguments: for SQL dialects over GraphQL. All pages of one walk are of one state of the data.
    #[allow(clippy::too_many_arguments, reason = "such clients cannot give objects")]
    async fn observation_rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Codes of indicators, with commas; all when left out.")] indicator: Option<String>,
        #[graphql(desc = "Code of a theme.")] theme: Option<String>,
        #[graphql(desc = "Codes of organisations, with commas; all when left out.")] org: Option<String>,
        #[graphql(desc = "Only organisations below this one.")] within: Option<String>,
        #[graphql(desc = "Only organisations of this level, as STREET.")] level: Option<String>,
        #[graphql(desc = "Only figures of this period.")] period: Option<Period>,
        #[graphql(desc = "Only figures that begin with this period or later.")] from: Option<Period>,
        #[graphql(desc = "Only figures that end with this period or earlier.")] to: Option<Period>,
        #[graphql(desc = "As they were known at this time; now when left out.")] as_of: Option<DateTime>,
        #[graphql(desc = "So many from the start; 5000 when left out.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Option<ObservationRowConnection>> {
        let (snapshot, most) = (ctx.snapshot()?, ctx.limits()?.max_table_rows);
        let first = natural("first", first)?.unwrap_or(PAGE.min(most));
        if first > most {
            let hint = format!("ask for 0 to {most} at a time and page on with the cursor");
            return Err(Error::input(format!("first is {first}"), hint).into());
        }
        let as_of = as_of.map(DateTime::micros);
        let months = |period: Option<Period>| period.map(|Period(period)| (period.start_month(), period.months()));
        let told = (
            (&indicator, &theme, &org, &within, &level),
            [months(period), months(from), months(to)],
        );
        let mark = Place::question(&told);
        let Place { state, before, .. } = match after {
            None => Place::new(snapshot.as_of(as_of), 0, mark),
            Some(text) => Place::read(&text, mark, as_of)?,
        };
        let codes =
            |text: Option<String>| text.map(|text| text.split(',').map(|code| code.trim().to_owned()).collect());
        let question = Question {
            indicators: IndicatorSelector {
                codes: codes(indicator),
                theme,
            },
            orgs: OrgSelector {
                codes: codes(org),
                within,
                with_self: false,
                level: level.as_deref().map(self::level).transpose()?,
            },
            exact: period.map(|period| period.0),
            statuses: None,
            include: Include::Published,
            totals: None,
            from: from.map(|period| period.0.start_month()),
            to: to.map(|period| period.0.end_month()),
            // The state that is in memory is not read again.
            as_of: state.filter(|state| Some(*state) != snapshot.recorded_at),
        };
        let slice = Slice {
            totals: false,
            offset: before,
            // One row more tells whether there is a next page.
            limit: Some(first + 1),
        };
        let table = ctx
            .service()?
            .observation_table(ctx.sight()?, question, slice, String::new());
        let mut batches = gather(table.await?, most + 1).await?;
        let found: u64 = batches.iter().map(|batch| batch.rows as u64).sum();
        let has_next = found > first;
        if has_next && let Some(last) = batches.last_mut() {
            last.rows -= 1;
        }
        Ok(Some(ObservationRowConnection {
            batches,
            as_of: state,
            question: mark,
            before,
            count: found.min(first),
            has_next,
        }))
    }
}
