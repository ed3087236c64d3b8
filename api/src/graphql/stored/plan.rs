//! From a document to the columns of its one list.

use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet,
};

use crate::error::Error;
use crate::export::table::{Column, Kind};
use crate::graphql::types::Types;

/// Parameters of the address that are no variables.
const RESERVED: [&str; 2] = ["bom", "labels"];

/// A document as a table.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Its one operation.
    pub operation: OperationDefinition,
    /// The keys to the list.
    pub path: Vec<String>,
    /// The columns.
    pub columns: Vec<Column>,
    /// For each column the keys inside a row.
    pub keys: Vec<Vec<String>>,
    /// The keys to the truth that there is more, where the list is a page.
    pub more: Option<Vec<String>>,
}

/// A list that was met.
struct Found<'a> {
    path: Vec<String>,
    item: String,
    sets: Vec<&'a SelectionSet>,
    more: Option<Vec<String>>,
    is_page: bool,
    /// Whether the page is asked for from the end of the longer list.
    is_from_end: bool,
}

struct Walk<'a> {
    types: &'a Types,
    document: &'a ExecutableDocument,
}

impl Plan {
    /// The table of a document, which passed the guard before; `path` says which list, where there are several.
    ///
    /// # Errors
    /// [`Error::Input`] for a document that is no named query, has no list or several, or lists inside its list.
    pub(in crate::graphql) fn of(types: &Types, text: &str, path: Option<&str>) -> Result<Self, Error> {
        let document = parse_query(text)
            .map_err(|error| Error::input(format!("the query is not GraphQL: {error}"), "try it at /graphql first"))?;
        let operation = match &document.operations {
            DocumentOperations::Multiple(several) if several.len() == 1 => several.values().next(),
            _ => None,
        };
        let operation = operation.map(|operation| &operation.node).ok_or_else(|| {
            Error::input(
                "the document is not one operation with a name",
                "give the query a name, as query Board($period: Period!) { … }",
            )
        })?;
        if operation.ty != OperationType::Query {
            return Err(Error::input(
                "only queries are stored",
                "store a query: an address changes nothing",
            ));
        }
        let defined = operation.variable_definitions.iter();
        let mut names = defined.map(|definition| definition.node.name.node.as_str());
        if let Some(name) = names.find(|name| RESERVED.contains(name)) {
            return Err(Error::input(
                format!("the variable `{name}` has the name of a parameter"),
                "give it another name",
            ));
        }
        let walk = Walk {
            types,
            document: &document,
        };
        let mut found = Vec::new();
        walk.lists("Query", &[&operation.selection_set.node], &[], false, &mut found)?;
        let list = chosen(found, path)?;
        if list.is_page && list.is_from_end {
            return Err(Error::input(
                format!("`{}` is the last page of a longer list", list.path.join(".")),
                "ask for first and pageInfo { hasNextPage }, so that a table that is cut is refused; or use observationTable",
            ));
        }
        if list.is_page && list.more.is_none() {
            return Err(Error::input(
                format!("`{}` is a page of a longer list", list.path.join(".")),
                "ask for pageInfo { hasNextPage } beside it, so that a table that is cut is refused; or use observationTable",
            ));
        }
        let mut columns = Vec::new();
        walk.columns(&list.item, &list.sets, &mut Vec::new(), &mut columns)?;
        let mut seen = std::collections::HashSet::new();
        if let Some((column, _)) = columns
            .iter()
            .find(|(column, _)| !seen.insert(column.name.to_lowercase()))
        {
            return Err(Error::input(
                format!("two columns are named `{}`", column.name),
                "give one of the fields another name with an alias",
            ));
        }
        let (columns, keys) = columns.into_iter().unzip();
        Ok(Self {
            operation: operation.clone(),
            path: list.path,
            columns,
            keys,
            more: list.more,
        })
    }
}

fn chosen<'a>(mut found: Vec<Found<'a>>, path: Option<&str>) -> Result<Found<'a>, Error> {
    let told = |found: &[Found<'_>]| {
        let paths: Vec<String> = found.iter().map(|list| list.path.join(".")).collect();
        paths.join(", ")
    };
    let place = match path {
        Some(path) => found
            .iter()
            .position(|list| list.path.join(".") == path)
            .ok_or_else(|| {
                Error::input(
                    format!("there is no list at `{path}`"),
                    format!("the lists are {}", told(&found)),
                )
            })?,
        None if found.len() == 1 => 0,
        None if found.is_empty() => {
            return Err(Error::input(
                "the query has no list",
                "ask for a list of objects: its rows become the table",
            ));
        }
        None => {
            return Err(Error::input(
                "the query has several lists",
                format!("say which in path: {}", told(&found)),
            ));
        }
    };
    Ok(found.swap_remove(place))
}

impl<'a> Walk<'a> {
    /// The fields of some sets by key, with all of their inner sets; fragments are opened.
    fn fields(&self, sets: &[&'a SelectionSet], of: &str) -> Result<Vec<Asked<'a>>, Error> {
        let mut asked: Vec<Asked<'a>> = Vec::new();
        for set in sets {
            self.gather(set, of, &mut asked)?;
        }
        Ok(asked)
    }

    fn gather(&self, set: &'a SelectionSet, of: &str, asked: &mut Vec<Asked<'a>>) -> Result<(), Error> {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.to_string();
                    let inner = &field.node.selection_set.node;
                    match asked.iter_mut().find(|known| known.key == key) {
                        Some(known) => known.sets.push(inner),
                        None => asked.push(Asked {
                            key,
                            of: of.to_owned(),
                            name: field.node.name.node.as_str(),
                            sets: vec![inner],
                            is_from_end: field.node.get_argument("last").is_some(),
                        }),
                    }
                }
                Selection::InlineFragment(fragment) => {
                    let on = fragment.node.type_condition.as_ref();
                    let on = on.map_or(of, |condition| condition.node.on.node.as_str());
                    self.gather(&fragment.node.selection_set.node, on, asked)?;
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    let fragment = self.document.fragments.get(name).ok_or_else(|| {
                        Error::input(
                            format!("there is no fragment `{name}`"),
                            "define it in the same document",
                        )
                    })?;
                    let on = fragment.node.type_condition.node.on.node.as_str();
                    self.gather(&fragment.node.selection_set.node, on, asked)?;
                }
            }
        }
        Ok(())
    }

    /// The lists of objects that are not inside another.
    fn lists(
        &self,
        of: &str,
        sets: &[&'a SelectionSet],
        path: &[String],
        is_from_end: bool,
        found: &mut Vec<Found<'a>>,
    ) -> Result<(), Error> {
        let fields = self.fields(sets, of)?;
        let mut own_more = None;
        if self.types.is_page(of) {
            for page in fields.iter().filter(|asked| asked.name == "pageInfo") {
                let inner = self.fields(&page.sets, "PageInfo")?;
                if let Some(next) = inner.iter().find(|asked| asked.name == "hasNextPage") {
                    let keys = path.iter().chain([&page.key, &next.key]);
                    own_more = Some(keys.cloned().collect::<Vec<String>>());
                }
            }
        }
        for asked in &fields {
            let Some(given) = self.types.field(&asked.of, asked.name) else {
                continue;
            };
            if !self.types.is_object(&given.name) {
                continue;
            }
            let mut below = path.to_vec();
            below.push(asked.key.clone());
            if given.is_list && given.takes_first {
                return Err(Error::input(
                    format!(
                        "`{}` is cut after `first`, and does not tell whether there is more",
                        asked.key
                    ),
                    "a stored query is whole: take a list that is paged, or observationTable",
                ));
            }
            if given.is_list {
                found.push(Found {
                    path: below,
                    item: given.name.clone(),
                    sets: asked.sets.clone(),
                    more: own_more.clone(),
                    is_from_end,
                    is_page: self.types.is_page(of),
                });
            } else {
                self.lists(&given.name, &asked.sets, &below, asked.is_from_end, found)?;
            }
        }
        Ok(())
    }

    fn columns(
        &self,
        of: &str,
        sets: &[&'a SelectionSet],
        path: &mut Vec<String>,
        columns: &mut Vec<(Column, Vec<String>)>,
    ) -> Result<(), Error> {
        for asked in self.fields(sets, of)? {
            path.push(asked.key.clone());
            let given = self.types.field(&asked.of, asked.name);
            match given {
                Some(given) if self.types.is_object(&given.name) && given.is_list => {
                    return Err(Error::input(
                        format!("`{}` is a list inside the list", path.join(".")),
                        "leave it out, or store a query of its own for it",
                    ));
                }
                Some(given) if self.types.is_object(&given.name) => {
                    self.columns(&given.name, &asked.sets, path, columns)?;
                }
                _ => {
                    let kind = given
                        .filter(|given| !given.is_list)
                        .map_or(Kind::Text, |given| kind(&given.name));
                    let name = path.join("_");
                    let about = format!("{}.{}", asked.of, asked.name);
                    columns.push((Column::new(&name, &name, &about, kind, false), path.clone()));
                }
            }
            path.pop();
        }
        Ok(())
    }
}

/// A field with the type that it is a field of.
struct Asked<'a> {
    key: String,
    of: String,
    name: &'a str,
    sets: Vec<&'a SelectionSet>,
    /// Whether it is asked for from its end.
    is_from_end: bool,
}

/// What a column of a scalar holds.
fn kind(scalar: &str) -> Kind {
    match scalar {
        "Float" => Kind::Number,
        "Int" => Kind::Integer,
        "Boolean" => Kind::Boolean,
        "Date" => Kind::Date,
        "DateTime" => Kind::Time,
        _ => Kind::Text,
    }
}
