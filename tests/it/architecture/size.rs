//! Rule: a file fits in a head, a function on a screen, and each file says on top what it is.

use std::cmp::Reverse;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, Macro, TraitItemFn};

use super::report::{Breach, hold};
use super::source::{Source, workspace};
use super::tokens::{self, Token};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 80;

#[test]
fn no_file_is_too_long() {
    hold(
        "a file has 100 to 300 lines, never over 400",
        "make a folder of it: one noun or one operation in each file",
        &long_files(&workspace()),
    );
}

#[test]
fn no_function_is_too_long() {
    hold(
        "the body of a function has at most 80 lines, in tests too",
        "name the steps: each becomes a function",
        &long_functions(&workspace()),
    );
}

#[test]
fn every_file_says_what_it_is() {
    hold(
        "a file begins with a `//!` line",
        "say on the first line what the file is for",
        &nameless_files(&workspace()),
    );
}

fn long_files(sources: &[Source]) -> Vec<Breach> {
    let lines = sources.iter().map(|source| (source.text.lines().count(), source));
    let long = lines.filter(|(lines, _)| *lines > FILE_LINES);
    worst_first(
        long.map(|(lines, source)| (lines, Breach::new(&source.file, 1, format!("has {lines} lines"))))
            .collect(),
    )
}

fn long_functions(sources: &[Source]) -> Vec<Breach> {
    let mut found = Vec::new();
    for source in sources
        .iter()
        .filter(|source| source.text.lines().count() > FUNCTION_LINES)
    {
        let mut search = Functions::default();
        search.visit_file(&source.whole());
        let long = search
            .found
            .into_iter()
            .filter(|function| function.lines > FUNCTION_LINES);
        found.extend(long.map(|Function { name, line, lines }| {
            (
                lines,
                Breach::new(&source.file, line, format!("`{name}` has {lines} lines")),
            )
        }));
    }
    worst_first(found)
}

fn nameless_files(sources: &[Source]) -> Vec<Breach> {
    let nameless = sources.iter().filter(|source| !source.text.starts_with("//! "));
    nameless
        .map(|source| Breach::new(&source.file, 1, "does not begin with `//!`"))
        .collect()
}

fn worst_first(mut found: Vec<(usize, Breach)>) -> Vec<Breach> {
    found.sort_by_key(|(lines, breach)| (Reverse(*lines), breach.clone()));
    found.into_iter().map(|(_, breach)| breach).collect()
}

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

#[derive(Default)]
struct Functions {
    found: Vec<Function>,
}

impl Functions {
    fn push(&mut self, name: &syn::Ident, body: &Block) {
        let span = body.span();
        let lines = span.end().line - span.start().line + 1;
        self.found.push(Function {
            name: name.to_string(),
            line: name.span().start().line,
            lines,
        });
    }

    /// Functions written inside a macro call.
    fn push_tokens(&mut self, tokens: &[Token]) {
        for (at, name) in tokens
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| pair[0].text == "fn" && pair[1].word)
        {
            let body = (at + 2..tokens.len()).find(|open| matches!(tokens[*open].text.as_str(), "{" | ";"));
            let Some(open) = body.filter(|open| tokens[*open].text == "{") else {
                continue;
            };
            let Some(close) = tokens::closing(tokens, open) else {
                continue;
            };
            let lines = tokens[close].line - tokens[open].line + 1;
            self.found.push(Function {
                name: name[1].text.clone(),
                line: name[1].line,
                lines,
            });
        }
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.push(&function.sig.ident, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.push(&function.sig.ident, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(body) = &function.default {
            self.push(&function.sig.ident, body);
        }
        visit::visit_trait_item_fn(self, function);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.push_tokens(&tokens::flatten(call.tokens.clone()));
        visit::visit_macro(self, call);
    }
}

#[cfg(test)]
mod tests {
    use super::super::source::place_all;
    use super::{long_files, long_functions, nameless_files};

    /// A function whose body, with both braces, has so many lines.
    fn function(name: &str, lines: usize) -> String {
        format!("fn {name}() {{\n{}}}\n", "// one\n".repeat(lines - 2))
    }

    #[test]
    fn a_function_of_81_lines_is_reported_worst_first_and_one_of_80_is_not() {
        let text = format!(
            "{}{}impl S {{ {} }} suite! {{ {} }}",
            function("a", 80),
            function("b", 81),
            function("c", 90),
            function("d", 85)
        );
        let found: Vec<String> = long_functions(&place_all(&[("api/src/a.rs", &text)]))
            .into_iter()
            .map(|breach| breach.what)
            .collect();
        assert_eq!(found, ["`c` has 90 lines", "`d` has 85 lines", "`b` has 81 lines"]);
    }

    #[test]
    fn long_and_nameless_files_are_reported() {
        let (long, longer) = ("//! Doc.\n".to_owned() + &"\n".repeat(400), "\n".repeat(402));
        let sources = place_all(&[
            ("api/src/a.rs", &long),
            ("api/src/b.rs", &longer),
            ("api/src/c.rs", "//! Doc.\n"),
        ]);
        let found: Vec<String> = long_files(&sources).iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            ["api/src/b.rs:1: has 402 lines", "api/src/a.rs:1: has 401 lines"]
        );
        assert_eq!(nameless_files(&sources)[0].file, "api/src/b.rs");
        assert_eq!(nameless_files(&sources).len(), 1);
    }
}
