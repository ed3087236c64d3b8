//! Rule: who silences a lint says why.

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Attribute, Macro, Meta};

use super::report::{Breach, hold};
use super::source::{Source, workspace};
use super::tokens::{self, Token, closing, stands};

#[test]
fn a_silenced_lint_has_its_reason() {
    hold(
        "`#[allow]` and `#[expect]` carry a reason",
        "mend what the lint says; where it is wrong, write `#[expect(the_lint, reason = \"…\")]`",
        &unexplained(&workspace()),
    );
}

fn unexplained(sources: &[Source]) -> Vec<Breach> {
    let mut found = Vec::new();
    let silencers = |source: &&Source| ["allow(", "expect("].iter().any(|word| source.text.contains(word));
    for source in sources.iter().filter(silencers) {
        let mut search = Silencers::default();
        search.visit_file(&source.whole());
        found.extend(
            search
                .lines
                .iter()
                .map(|line| Breach::new(&source.file, *line, "silences a lint without a reason")),
        );
    }
    found.sort();
    found
}

#[derive(Default)]
struct Silencers {
    lines: Vec<usize>,
}

impl Silencers {
    /// `allow(…)` and `expect(…)` among the tokens of a `cfg_attr` or of an attribute inside a macro call.
    fn search(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            if matches!(token.text.as_str(), "allow" | "expect") && stands(tokens, at + 1, &["("]) {
                let end = closing(tokens, at + 1).unwrap_or(tokens.len());
                self.judge(&tokens[at..end], token.line);
            }
        }
    }

    fn judge(&mut self, lints: &[Token], line: usize) {
        if !(0..lints.len()).any(|at| stands(lints, at, &["reason", "="])) {
            self.lines.push(line);
        }
    }

    /// Attributes inside a macro call: the brackets that follow `#` or `#!`.
    fn search_call(&mut self, stream: TokenStream) {
        let tokens = tokens::flatten(stream);
        for at in 0..tokens.len() {
            let open = if stands(&tokens, at, &["#", "["]) {
                at + 1
            } else {
                continue;
            };
            let close = closing(&tokens, open).unwrap_or(tokens.len());
            self.search(&tokens[open..close]);
        }
    }
}

impl<'ast> Visit<'ast> for Silencers {
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let line = attribute.span().start().line;
        match &attribute.meta {
            Meta::List(list) if list.path.is_ident("allow") || list.path.is_ident("expect") => {
                self.judge(&tokens::flatten(list.tokens.clone()), line);
            }
            Meta::List(list) if list.path.is_ident("cfg_attr") => self.search(&tokens::flatten(list.tokens.clone())),
            _ => {}
        }
        visit::visit_attribute(self, attribute);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.search_call(call.tokens.clone());
        visit::visit_macro(self, call);
    }
}

#[test]
fn unexplained_silence_is_reported() {
    let text = r#"
        #![allow(missing_docs)]
        #[expect(clippy::panic, reason = "shown")] fn a() {}
        #[cfg_attr(test, allow(dead_code))] fn b() {}
        fn c() { #[allow(unused)] let x = 1; }
        suite! { #[expect(unused)] fn d() { e.expect("no attribute"); } }
    "#;
    let found = unexplained(&super::source::place_all(&[("tests/it/a.rs", text)]));
    assert_eq!(found.iter().map(|breach| breach.line).collect::<Vec<_>>(), [2, 4, 5, 6]);
}
