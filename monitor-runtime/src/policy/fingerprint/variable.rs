//! What else differs from one text to the next of the same kind.

use std::net::{IpAddr, SocketAddr};

use super::ids::in_word;

/// Hexadecimal digits, with letters and digits among them, that are taken for a hash or an id.
const LEAST_HEX: usize = 8;

pub(super) fn replaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        // Our own marks stay.
        let mark = first == '<' && rest[1..].starts_with(|c: char| c.is_ascii_uppercase());
        let len = match rest.find(|c| separates(c) && !(mark && c == '<')) {
            _ if mark => rest.find('>').map_or(1, |at| at + 1),
            Some(0) => first.len_utf8(),
            Some(len) => len,
            None => rest.len(),
        };
        let (piece, behind) = rest.split_at(len);
        if mark || separates(first) {
            out.push_str(piece);
        } else {
            chunk(&mut out, piece);
        }
        rest = behind;
    }
    out
}

/// Between chunks: spaces, quotes, brackets and what stands between a name and its value.
fn separates(c: char) -> bool {
    c.is_whitespace() || "\"'`()[]{}<>,;=|".contains(c)
}

/// What stands between spaces.
fn chunk(out: &mut String, chunk: &str) {
    let body = chunk.trim_end_matches(['.', ':', '!', '?']);
    let mark = match body {
        _ if body.contains("://") => "<URL>",
        _ if is_path(body) => "<PATH>",
        _ if is_address(body) => "<IP>",
        _ => return words(out, chunk),
    };
    out.push_str(mark);
    out.push_str(&chunk[body.len()..]);
}

fn is_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    let drive = bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.get(1) == Some(&b':')
        && matches!(bytes.get(2), Some(b'\\' | b'/'));
    let rooted = text.starts_with('/') && text.len() > 1;
    drive || rooted || ["./", "../", "~/"].iter().any(|beginning| text.starts_with(beginning))
}

/// Not `a::b`, which is a path in Rust.
fn is_address(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit())
        && (text.parse::<IpAddr>().is_ok() || text.parse::<SocketAddr>().is_ok())
}

fn words(out: &mut String, chunk: &str) {
    let mut rest = chunk;
    while !rest.is_empty() {
        let other = rest.find(in_word).unwrap_or(rest.len());
        out.push_str(&rest[..other]);
        rest = &rest[other..];
        let len = match uuid(rest) {
            Some(len) => {
                out.push_str("<UUID>");
                len
            }
            None => word(out, rest),
        };
        rest = &rest[len..];
    }
}

/// 8-4-4-4-12 hexadecimal digits.
fn uuid(text: &str) -> Option<usize> {
    let candidate = text.as_bytes().get(..36)?;
    let fits = candidate.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (fits && !text[36..].starts_with(in_word)).then_some(36)
}

/// Writes the word at the beginning of the text; returns its length.
fn word(out: &mut String, text: &str) -> usize {
    let len = text.find(|c| !in_word(c)).unwrap_or(text.len());
    let word = &text[..len];
    let hex = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    let is_hex = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mixed = || {
        word.bytes().any(|b| b.is_ascii_digit()) && word.bytes().any(|b| b.is_ascii_alphabetic())
    };
    if hex.is_some_and(|digits| !digits.is_empty() && is_hex(digits))
        || (len >= LEAST_HEX && is_hex(word) && mixed())
    {
        out.push_str("<HEX>");
        return len;
    }
    let digits = word.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'_').count();
    if word.starts_with('_') || digits == 0 {
        out.push_str(word);
        return len;
    }
    out.push_str("<NUM>");
    // `1.5` and `1.5s` are one number; the unit stays.
    let fraction = fraction(&text[digits..]);
    if digits < len && fraction == 0 {
        out.push_str(&word[digits..]);
        return len;
    }
    digits + fraction
}

/// The length of `.5` and of any further such part, as in a version.
fn fraction(text: &str) -> usize {
    let mut len = 0;
    while let Some(behind) = text[len..].strip_prefix('.') {
        match behind.bytes().take_while(u8::is_ascii_digit).count() {
            0 => break,
            digits => len += 1 + digits,
        }
    }
    len
}
