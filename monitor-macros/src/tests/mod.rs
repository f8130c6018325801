//! The pipeline from tokens to tokens, without a compiler around it.

mod derives;
mod expansion;
mod mistakes;
mod switched_off;
mod token_usage;

use crate::parse::AttributeKind;
use crate::pipeline::{self, Build};

/// The expansion of an item whose first attribute is ours, as text with as few spaces as possible.
fn expand(source: &str) -> String {
    run(source, true)
}

fn run(source: &str, enabled: bool) -> String {
    run_in(source, &Build { enabled, denied: "" })
}

fn run_in(source: &str, build: &Build<'_>) -> String {
    let (attribute, item) = source.split_once(']').expect("an attribute");
    // Brackets inside the arguments close before the attribute does.
    let (attribute, item) = match attribute.matches('[').count() {
        1 => (attribute, item),
        open => split_behind(source, open),
    };
    let inside = attribute.trim().strip_prefix("#[").expect("an attribute");
    let (name, arguments) = inside.split_once('(').unwrap_or((inside, ")"));
    let kind = AttributeKind::named(name).expect("one of ours");
    let arguments = arguments.strip_suffix(')').expect("arguments between parentheses");
    let tokens = pipeline::run(kind, arguments.parse().unwrap(), item.parse().unwrap(), build);
    collapse(&tokens.to_string())
}

fn split_behind(source: &str, brackets: usize) -> (&str, &str) {
    let (end, _) = source.match_indices(']').nth(brackets - 1).expect("a closing bracket");
    (&source[..end], &source[end + 1..])
}

/// Drops every space that doesn't keep two words apart, except inside quotes.
fn collapse(text: &str) -> String {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let mut collapsed = String::new();
    let mut letters = text.chars().peekable();
    let mut quoted = false;
    while let Some(letter) = letters.next() {
        quoted ^= letter == '"';
        let before = collapsed.chars().next_back().is_some_and(is_word);
        let behind = letters.peek().copied().is_some_and(is_word);
        if quoted || !letter.is_whitespace() || before && behind {
            collapsed.push(letter);
        }
    }
    collapsed
}
