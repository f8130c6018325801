use proc_macro2::{Spacing, TokenStream, TokenTree};

/// Macros of the standard library that don't leave the function around them.
const HARMLESS_MACROS: [&str; 26] = [
    "assert",
    "assert_eq",
    "assert_ne",
    "concat",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "env",
    "eprint",
    "eprintln",
    "format",
    "format_args",
    "include_bytes",
    "include_str",
    "line",
    "matches",
    "module_path",
    "panic",
    "print",
    "println",
    "stringify",
    "todo",
    "unimplemented",
    "unreachable",
    "vec",
    "write",
];

/// Whether a body may end before its last expression, as far as its tokens tell.
///
/// Says yes too often rather than too rarely: a macro of somebody may hide a `return`.
pub(crate) fn leaves_early(tokens: TokenStream) -> bool {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let leaves = match token {
            TokenTree::Group(group) => leaves_early(group.stream()),
            TokenTree::Punct(mark) => mark.as_char() == '?',
            TokenTree::Ident(word) => {
                word == "return" || is_mark(tokens.peek(), '!') && !is_harmless(&word.to_string())
            }
            TokenTree::Literal(_) => false,
        };
        if leaves {
            return true;
        }
    }
    false
}

fn is_mark(token: Option<&TokenTree>, mark: char) -> bool {
    // Joint: `a != b`.
    matches!(token, Some(TokenTree::Punct(found))
        if found.as_char() == mark && found.spacing() == Spacing::Alone)
}

fn is_harmless(word: &str) -> bool {
    HARMLESS_MACROS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_out() {
        for text in ["return 1;", "{ f(x?) }", "bail!(\"x\")", "vec![try_it!(x)]"] {
            assert!(leaves_early(text.parse().unwrap()), "{text}");
        }
        for text in ["f(x)", "panic!(\"x\")", "vec![1, x.len()]", "loop { break 1 }", "a != b"] {
            assert!(!leaves_early(text.parse().unwrap()), "{text}");
        }
    }
}
