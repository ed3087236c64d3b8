//! Rule: outside tests no code gives up the process: a fault is a value.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Expr, ExprMethodCall, Macro, Path};

use super::report::{Breach, hold};
use super::source::{Source, workspace};
use super::tokens::{self, Token, stands};

const METHODS: &[&str] = &["unwrap", "expect", "unwrap_err", "expect_err"];
const MACROS: &[&str] = &["panic", "todo", "unimplemented", "unreachable"];

#[test]
fn code_outside_tests_does_not_panic() {
    hold(
        "no unwrap, expect, panic!, todo!, unimplemented! or unreachable! outside tests",
        "return an error of the module's own type; or choose the type so that the case cannot be",
        &panics(&workspace()),
    );
}

fn panics(sources: &[Source]) -> Vec<Breach> {
    let held = |source: &&Source| {
        source.krate != "tests" && (source.file.contains("/src/") || source.file.ends_with("/build.rs"))
    };
    let mut found = Vec::new();
    for source in sources.iter().filter(held) {
        let mut search = Panics::default();
        search.visit_file(&source.code());
        let told = search.found.into_iter();
        found.extend(told.map(|(line, what)| Breach::new(&source.file, line, what)));
    }
    found.sort();
    found
}

#[derive(Default)]
struct Panics {
    found: Vec<(usize, String)>,
}

impl Panics {
    fn push_tokens(&mut self, tokens: &[Token]) {
        for (at, token) in tokens.iter().enumerate() {
            let before = |steps: usize, text: &str| at >= steps && tokens[at - steps].text == text;
            let own_method = before(1, ".") && before(2, "self") && !before(3, ".");
            if METHODS.contains(&token.text.as_str()) && before(1, ".") && stands(tokens, at + 1, &["("]) && !own_method
            {
                self.found.push((token.line, format!("calls `{}`", token.text)));
            }
            if MACROS.contains(&token.text.as_str()) && stands(tokens, at + 1, &["!"]) {
                self.found.push((token.line, format!("calls `{}!`", token.text)));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Panics {
    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        // `self.expect(token)` is a method of our own: no Option or Result is ever `self` here.
        let on_self = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("self"));
        if METHODS.iter().any(|name| call.method == name) && !on_self {
            self.found
                .push((call.method.span().start().line, format!("calls `{}`", call.method)));
        }
        visit::visit_expr_method_call(self, call);
    }

    /// `.map(Result::unwrap)`
    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let [.., owner, method] = names.as_slice()
            && matches!(owner.as_str(), "Option" | "Result")
            && METHODS.contains(&method.as_str())
        {
            self.found
                .push((path.span().start().line, format!("names `{owner}::{method}`")));
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        let name = call
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default();
        if MACROS.contains(&name.as_str()) {
            self.found
                .push((call.path.span().start().line, format!("calls `{name}!`")));
        }
        self.push_tokens(&tokens::flatten(call.tokens.clone()));
        visit::visit_macro(self, call);
    }
}

#[test]
fn panicking_code_is_reported_and_tests_are_free() {
    let text = r#"
        fn a() { b().unwrap(); }
        fn c() { format!("{}", d.expect("why")); }
        fn e() { if x { unreachable!() } std::panic!("no") }
        fn f() { list.map(Result::unwrap); g.unwrap_or_default(); self.expect(token); unwrap(); }
        #[cfg(test)] mod tests { fn h() { i.unwrap(); panic!(); } }
    "#;
    let sources = super::source::place_all(&[
        ("entity/src/a.rs", text),
        ("tests/src/a.rs", "fn a() { b.unwrap(); }"),
        ("api/benches/a.rs", "fn a() { b.unwrap(); }"),
    ]);
    let told: Vec<String> = panics(&sources)
        .iter()
        .map(|breach| format!("{} {}", breach.line, breach.what))
        .collect();
    let expected = [
        "2 calls `unwrap`",
        "3 calls `expect`",
        "4 calls `panic!`",
        "4 calls `unreachable!`",
        "5 names `Result::unwrap`",
    ];
    assert_eq!(told, expected);
}
