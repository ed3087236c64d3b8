//! What `syn` leaves unparsed: the tokens inside macro calls, macro definitions and attributes.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// One token of a flattened stream; a group is its two brackets with the content between them.
pub(super) struct Token {
    pub(super) text: String,
    pub(super) line: usize,
    /// An identifier or keyword, not a literal or a sign.
    pub(super) word: bool,
}

/// A path as written, such as `["crate", "error", "Error"]`, and its line.
pub(super) type WrittenPath = (Vec<String>, usize);

/// The tokens in order, groups opened up, `::` as one token.
pub(super) fn flatten(stream: TokenStream) -> Vec<Token> {
    let mut out = Vec::new();
    push_all(stream, &mut out);
    out
}

fn push_all(stream: TokenStream, out: &mut Vec<Token>) {
    let mut colon = false;
    for tree in stream {
        let line = tree.span().start().line;
        let joint_colon =
            matches!(&tree, TokenTree::Punct(sign) if sign.as_char() == ':' && sign.spacing() == Spacing::Joint);
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = brackets(group.delimiter());
                out.push(Token {
                    text: open.to_owned(),
                    line,
                    word: false,
                });
                push_all(group.stream(), out);
                out.push(Token {
                    text: close.to_owned(),
                    line: group.span_close().end().line,
                    word: false,
                });
            }
            TokenTree::Punct(sign) if sign.as_char() == ':' && colon => {
                if let Some(last) = out.last_mut() {
                    "::".clone_into(&mut last.text);
                }
            }
            TokenTree::Ident(word) => out.push(Token {
                text: word.to_string(),
                line,
                word: true,
            }),
            other => out.push(Token {
                text: other.to_string(),
                line,
                word: false,
            }),
        }
        colon = joint_colon && !colon;
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

/// Every path of two or more segments, also those quoted as a string (`"super::org_unit::Entity"`).
pub(super) fn paths(tokens: &[Token]) -> Vec<WrittenPath> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let mut path = Vec::new();
        let line = tokens[at].line;
        if tokens[at].word {
            path.push(tokens[at].text.clone());
            while let [sign, word, ..] = &tokens[at + 1..]
                && sign.text == "::"
                && word.word
            {
                path.push(word.text.clone());
                at += 2;
            }
        } else if let Some(quoted) = tokens[at]
            .text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
        {
            path = quoted_path(quoted);
        }
        if path.len() > 1 {
            found.push((path, line));
        }
        at += 1;
    }
    found
}

fn quoted_path(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text.split("::").collect();
    let plain = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    if matches!(parts[0], "crate" | "self" | "super") && parts.iter().all(plain) {
        parts.into_iter().map(str::to_owned).collect()
    } else {
        Vec::new()
    }
}

/// Whether the texts stand at this place, in this order.
pub(super) fn stands(tokens: &[Token], at: usize, texts: &[&str]) -> bool {
    tokens.len() >= at + texts.len() && texts.iter().zip(&tokens[at..]).all(|(text, token)| token.text == *text)
}

/// The index of the bracket that closes the one at `open`.
pub(super) fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text.as_str() {
            "(" | "[" | "{" if !token.word => depth += 1,
            ")" | "]" | "}" if !token.word => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

#[test]
fn paths_are_found_inside_macros_and_quotes() {
    let stream: TokenStream = r#"x.map(|y| crate::a::B::new(y)), "super::c::D", "no path", 'a: b::<C>()"#
        .parse()
        .unwrap();
    let found: Vec<String> = paths(&flatten(stream))
        .into_iter()
        .map(|(path, _)| path.join("::"))
        .collect();
    assert_eq!(found, ["crate::a::B::new", "super::c::D"]);
}

#[test]
fn a_bracket_finds_its_partner() {
    let tokens = flatten("f(a, [b], {c})".parse().unwrap());
    assert_eq!(closing(&tokens, 1), Some(tokens.len() - 1));
    assert!(stands(&tokens, 0, &["f", "(", "a"]));
}
