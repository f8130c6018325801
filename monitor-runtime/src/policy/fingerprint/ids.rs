//! What three regular expressions would replace, one after the other:
//!
//! - `\b[0-9]{17,19}\b` by `<ID>`
//! - `\b\w+#[0-9]{4}\b` by `<USER>`
//! - `\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b` by `<EMAIL>`
//!
//! A test holds this against them.

use std::ops::Range;

pub(super) fn replaced(text: &str) -> String {
    let text = replace(text, "<ID>", next_id);
    let text = replace(&text, "<USER>", next_user);
    replace(&text, "<EMAIL>", next_address)
}

fn replace(text: &str, by: &str, next: impl Fn(&str, usize) -> Option<Range<usize>>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(found) = next(text, at) {
        out.push_str(&text[at..found.start]);
        out.push_str(by);
        at = found.end;
    }
    out.push_str(&text[at..]);
    out
}

/// What `\w` is.
pub(super) fn in_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The next run of word characters.
fn next_word(text: &str, from: usize) -> Option<Range<usize>> {
    let start = from + text[from..].find(in_word)?;
    let len = text[start..].find(|c| !in_word(c)).unwrap_or(text.len() - start);
    Some(start..start + len)
}

fn next_id(text: &str, from: usize) -> Option<Range<usize>> {
    let mut from = from;
    loop {
        let word = next_word(text, from)?;
        let all_digits = text[word.clone()].bytes().all(|byte| byte.is_ascii_digit());
        if all_digits && (17..=19).contains(&word.len()) {
            return Some(word);
        }
        from = word.end;
    }
}

fn next_user(text: &str, from: usize) -> Option<Range<usize>> {
    let mut from = from;
    loop {
        let word = next_word(text, from)?;
        if let Some(behind) = text[word.end..].strip_prefix('#') {
            let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
            let end = word.end + 1 + digits;
            if digits == 4 && !text[end..].starts_with(in_word) {
                return Some(word.start..end);
            }
        }
        from = word.end;
    }
}

fn next_address(text: &str, from: usize) -> Option<Range<usize>> {
    let mut searched = from;
    loop {
        let at_sign = searched + text[searched..].find('@')?;
        if let (Some(start), Some(end)) = (local(text, from, at_sign), domain(text, at_sign + 1)) {
            return Some(start..end);
        }
        searched = at_sign + 1;
    }
}

/// Where the part before the `@` begins: the first boundary of a word in what may be part of it.
fn local(text: &str, from: usize, at_sign: usize) -> Option<usize> {
    let in_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let len = text.as_bytes()[from..at_sign].iter().rev().take_while(|b| in_local(b)).count();
    (at_sign - len..at_sign).find(|at| is_boundary(text, *at))
}

/// Where the part behind the `@` ends: after the last dot behind which only letters follow.
fn domain(text: &str, start: usize) -> Option<usize> {
    let bytes = &text.as_bytes()[start..];
    let in_domain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-".contains(byte);
    let len = bytes.iter().take_while(|byte| in_domain(byte)).count();
    // From behind: each letter is looked at once.
    let mut letters = 0;
    for at in (1..len).rev() {
        match bytes[at] {
            b'.' if letters >= 2 && !text[start + at + 1 + letters..].starts_with(in_word) => {
                return Some(start + at + 1 + letters);
            }
            byte if byte.is_ascii_alphabetic() => letters += 1,
            _ => letters = 0,
        }
    }
    None
}

/// What `\b` is, at a byte where a character begins.
fn is_boundary(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().is_some_and(in_word);
    let behind = text[at..].chars().next().is_some_and(in_word);
    before != behind
}
