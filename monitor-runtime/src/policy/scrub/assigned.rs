//! The value behind a name in free text: `name=value`, `name: value`, `"name":"value"`.

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: usize,
    pub(super) end: usize,
    /// In quotes, which aren't part of it.
    pub(super) quoted: bool,
    /// Behind a colon and a space, as in a sentence.
    pub(super) in_prose: bool,
}

/// The value of the name that ends here, if one follows.
pub(super) fn value(bytes: &[u8], name_end: usize) -> Option<Place> {
    let byte = |at: usize| bytes.get(at).copied();
    let (after_quote, name_quoted) = skip_quote(bytes, name_end);
    let sign = skip_spaces(bytes, after_quote);
    let after_sign = match (byte(sign)?, byte(sign + 1)) {
        (b':', Some(b':')) => return None,
        (b'=', Some(b'>' | b'=')) => sign + 2,
        (b'=' | b':', _) => sign + 1,
        _ => return None,
    };
    let start = skip_spaces(bytes, after_sign);
    let in_prose = byte(sign) == Some(b':') && start > after_sign && !name_quoted;
    match quote_at(bytes, start) {
        Some((quote, escaped, open)) => {
            let end = closing(bytes, open, quote, escaped);
            // Compilers quote like that: "unexpected token: `;`".
            let in_prose = in_prose && quote == b'`';
            Some(Place { start: open, end, quoted: true, in_prose })
        }
        None => Some(Place { start, end: unquoted_end(bytes, start), quoted: false, in_prose }),
    }
}

/// At most two: more are no assignment.
fn skip_spaces(bytes: &[u8], from: usize) -> usize {
    let spaces = bytes.iter().skip(from).take(2).take_while(|byte| matches!(byte, b' ' | b'\t'));
    from + spaces.count()
}

fn skip_quote(bytes: &[u8], at: usize) -> (usize, bool) {
    quote_at(bytes, at).map_or((at, false), |(.., behind)| (behind, true))
}

/// The quote here, whether it is escaped, and where what it quotes begins.
fn quote_at(bytes: &[u8], at: usize) -> Option<(u8, bool, usize)> {
    let is_quote = |byte: Option<&u8>| byte.copied().filter(|b| matches!(b, b'"' | b'\'' | b'`'));
    match bytes.get(at)? {
        b'\\' => is_quote(bytes.get(at + 1)).map(|quote| (quote, true, at + 2)),
        _ => is_quote(bytes.get(at)).map(|quote| (quote, false, at + 1)),
    }
}

/// Where the quote ends; the end of the text if it doesn't.
fn closing(bytes: &[u8], from: usize, quote: u8, escaped: bool) -> usize {
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' if escaped && bytes.get(at + 1) == Some(&quote) => return at,
            b'\\' => at += 1,
            byte if byte == quote && !escaped => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// Where a value without quotes ends. What is in brackets belongs to it, as in `Some("x")`.
fn unquoted_end(bytes: &[u8], from: usize) -> usize {
    let first = word_end(bytes, from);
    let scheme = &bytes[from..first];
    let schemes: [&[u8]; 4] = [b"bearer", b"basic", b"digest", b"token"];
    if bytes.get(first) == Some(&b' ') && schemes.iter().any(|s| s.eq_ignore_ascii_case(scheme)) {
        return word_end(bytes, first + 1);
    }
    first
}

fn word_end(bytes: &[u8], from: usize) -> usize {
    let mut open = 0_usize;
    let mut at = from;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => match open.checked_sub(1) {
                Some(left) => open = left,
                None => return at,
            },
            b'"' | b'\'' if open > 0 => at = closing(bytes, at + 1, byte, false),
            b'\\' if open > 0 => at += 1,
            b',' | b';' | b'&' | b'"' | b'\'' | b'<' | b'>' | b'|' | b'\\' if open == 0 => {
                return at;
            }
            _ if byte.is_ascii_whitespace() && open == 0 => return at,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}
