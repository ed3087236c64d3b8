//! Rule: `analytics` is pure: the same columns always give the same rows.

use syn::visit::{self, Visit};
use syn::{Macro, Signature};

use super::reference::references;
use super::report::{Breach, hold};
use super::scope::Scopes;
use super::source::{Source, workspace};
use super::tokens;

/// Runs of path segments that read a clock, the machine or the world outside.
const IMPURE: &[&[&str]] = &[
    &["Utc", "now"],
    &["Local", "now"],
    &["Instant", "now"],
    &["SystemTime", "now"],
    &["std", "time", "SystemTime"],
    &["std", "fs"],
    &["std", "net"],
    &["std", "env"],
    &["std", "process"],
];

#[test]
fn analytics_has_no_clock_no_files_and_no_async() {
    hold(
        "analytics knows no clock, file, network, environment or async, in its tests neither",
        "take the value as an argument: api reads the clock and the files; a test takes files in by include_str!",
        &impure(&workspace()),
    );
}

fn impure(sources: &[Source]) -> Vec<Breach> {
    let mut found = Vec::new();
    for source in sources
        .iter()
        .filter(|source| source.file.starts_with("analytics/src/"))
    {
        let whole = source.whole();
        let scopes = Scopes::of(&whole, &source.module);
        for reference in references(&whole, &scopes, &source.module) {
            let is_named = |run: &&&[&str]| reference.path.windows(run.len()).any(|window| window == **run);
            if let Some(run) = IMPURE.iter().find(is_named) {
                found.push(Breach::new(
                    &source.file,
                    reference.line,
                    format!("names `{}`", run.join("::")),
                ));
            }
        }
        let mut search = Async::default();
        search.visit_file(&whole);
        found.extend(
            search
                .lines
                .iter()
                .map(|line| Breach::new(&source.file, *line, "is async")),
        );
    }
    found.sort();
    found.dedup();
    found
}

#[derive(Default)]
struct Async {
    lines: Vec<usize>,
}

impl<'ast> Visit<'ast> for Async {
    fn visit_signature(&mut self, signature: &'ast Signature) {
        self.lines
            .extend(signature.asyncness.map(|word| word.span.start().line));
        visit::visit_signature(self, signature);
    }

    fn visit_expr_async(&mut self, block: &'ast syn::ExprAsync) {
        self.lines.push(block.async_token.span.start().line);
        visit::visit_expr_async(self, block);
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.lines.extend(closure.asyncness.map(|word| word.span.start().line));
        visit::visit_expr_closure(self, closure);
    }

    fn visit_expr_await(&mut self, expression: &'ast syn::ExprAwait) {
        self.lines.push(expression.await_token.span.start().line);
        visit::visit_expr_await(self, expression);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let words = tokens::flatten(call.tokens.clone());
        self.lines.extend(
            words
                .iter()
                .filter(|token| token.word && matches!(token.text.as_str(), "async" | "await"))
                .map(|token| token.line),
        );
        visit::visit_macro(self, call);
    }
}

#[test]
fn impure_code_is_reported() {
    let text = "
        use std::{fs, time::Instant};
        fn a() { Instant::now(); }
        async fn b() { c().await }
        fn d() { vec![chrono::Utc::now()]; }
        fn e(date: chrono::NaiveDate, now: u8) {}
    ";
    let found = impure(&super::source::place_all(&[
        ("analytics/src/a.rs", text),
        ("api/src/b.rs", text),
    ]));
    let told: Vec<String> = found
        .iter()
        .map(|breach| format!("{} {}", breach.line, breach.what))
        .collect();
    assert_eq!(
        told,
        [
            "2 names `std::fs`",
            "3 names `Instant::now`",
            "4 is async",
            "5 names `Utc::now`"
        ]
    );
}
