//! Queries as statements: their values are left out.

use crate::context;

/// Characters of a statement that are kept.
const MAX_CHARS: usize = 500;

/// Characters of a statement that describe its span.
const MAX_DESCRIPTION: usize = 50;

/// Whether what has this name is a query.
pub(super) fn is_name(key: &str) -> bool {
    matches!(key, "db.query.text" | "db.statement")
}

/// The text, of at most 500 characters; `None` if it has no more.
pub(super) fn cut(text: &str) -> Option<String> {
    let (end, _) = text.char_indices().nth(MAX_CHARS)?;
    Some(text[..end].to_owned())
}

/// What describes a span of this query: its first 50 characters, without values.
pub(crate) fn description(query: &str) -> String {
    let shape = shape(query).unwrap_or_else(|| query.to_owned());
    shape.chars().take(MAX_DESCRIPTION).collect()
}

/// The statement with `?` for each value, without comments and needless space, of at most 500
/// characters. `None` if it is that already.
///
/// ```text
/// SELECT * FROM users WHERE name = 'Ada' AND id IN (1, 2, 3)
/// SELECT * FROM users WHERE name = ? AND id IN (?)
/// ```
///
/// A text in double quotes is a name in SQL and a value in MySQL: it stays where a name must be,
/// behind a word or a dot.
pub(super) fn shape(text: &str) -> Option<String> {
    // Nothing longer is needed for 500 characters, whatever is left out.
    let text_in_reach = context::cut(text, 8 * MAX_CHARS);
    let mut shape = Shape { rest: text_in_reach, out: String::new(), chars: 0 };
    while shape.chars < MAX_CHARS && shape.step() {}
    let out = cut(&shape.out).unwrap_or(shape.out);
    let out = out.trim_end();
    (out != text).then(|| out.to_owned())
}

struct Shape<'a> {
    rest: &'a str,
    out: String,
    chars: usize,
}

impl Shape<'_> {
    /// Takes the next token; whether there was one.
    fn step(&mut self) -> bool {
        let bytes = self.rest.as_bytes();
        let Some(&first) = bytes.first() else { return false };
        let len = match first {
            b if b.is_ascii_whitespace() => self.space(),
            b'-' if bytes.get(1) == Some(&b'-') => self.comment("\n", 0),
            b'/' if bytes.get(1) == Some(&b'*') => self.comment("*/", 2),
            b'\'' => self.value(quoted(bytes, b'\'')),
            b'"' if !self.expects_name() => self.value(quoted(bytes, b'"')),
            b'"' | b'`' => self.keep(quoted(bytes, first)),
            b'$' => self.dollar(),
            b'0'..=b'9' => self.value(number(bytes)),
            b if b == b'_' || b.is_ascii_alphabetic() || !b.is_ascii() => self.word(),
            _ => self.keep(1),
        };
        self.rest = &self.rest[len..];
        true
    }

    fn keep(&mut self, len: usize) -> usize {
        let kept = &self.rest[..len];
        self.chars += kept.chars().count();
        self.out.push_str(kept);
        len
    }

    fn space(&mut self) -> usize {
        if !self.out.is_empty() && !self.out.ends_with(' ') {
            self.out.push(' ');
            self.chars += 1;
        }
        self.rest.len() - self.rest.trim_ascii_start().len()
    }

    fn comment(&mut self, end: &str, len: usize) -> usize {
        self.rest.find(end).map_or(self.rest.len(), |at| at + len)
    }

    /// A list of values is one.
    fn value(&mut self, len: usize) -> usize {
        let before = self.out.trim_end();
        let in_list = before.strip_suffix(',').map(str::trim_end);
        match in_list.filter(|before| before.ends_with('?')).map(str::len) {
            Some(end) => self.out.truncate(end),
            None => {
                self.out.push('?');
                self.chars += 1;
            }
        }
        len
    }

    /// `$1` is a place for a value already; `$$ text $$` and `$tag$ text $tag$` are values.
    fn dollar(&mut self) -> usize {
        let tag = self.rest[1..].find(|c: char| c != '_' && !c.is_alphanumeric());
        let Some(tag) = tag.filter(|at| self.rest[1 + at..].starts_with('$')) else {
            let digits = self.rest[1..].bytes().take_while(u8::is_ascii_digit).count();
            return self.keep(1 + digits);
        };
        let quote = &self.rest[..tag + 2];
        let close = self.rest[quote.len()..].find(quote).map(|at| at + 2 * quote.len());
        self.value(close.unwrap_or(self.rest.len()))
    }

    fn word(&mut self) -> usize {
        let end = self.rest.find(|c: char| !matches!(c, '_' | '$' | '#') && !c.is_alphanumeric());
        let word = &self.rest[..end.unwrap_or(self.rest.len())];
        // `E'..'`, `N'..'` and `x'..'` are one value.
        if word.len() == 1 && self.rest.as_bytes().get(1) == Some(&b'\'') {
            return self.value(1 + quoted(&self.rest.as_bytes()[1..], b'\''));
        }
        let literal = ["true", "false"].iter().any(|value| value.eq_ignore_ascii_case(word));
        if literal { self.value(word.len()) } else { self.keep(word.len()) }
    }

    fn expects_name(&self) -> bool {
        let before = self.out.trim_end();
        before.is_empty() || before.ends_with(|c: char| c == '.' || c == '_' || c.is_alphanumeric())
    }
}

/// The length of what is quoted, the quotes included. A doubled quote, or one behind a backslash,
/// doesn't end it; what never ends reaches to the end.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if byte == quote && bytes.get(at + 1) == Some(&quote) => at += 2,
            byte if byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// Digits, with a fraction, an exponent, or in hexadecimal; what follows at once belongs to it.
fn number(bytes: &[u8]) -> usize {
    let in_number = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_');
    bytes.iter().take_while(|byte| in_number(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_left_out() {
        for (query, expected) in [
            ("SELECT * FROM t WHERE id = 42", "SELECT * FROM t WHERE id = ?"),
            (
                "select a from t2 where b = 'it''s' or c = -1.5e3",
                "select a from t2 where b = ? or c = -?",
            ),
            ("select 1 where x in (1, 'b', ?, $3)", "select ? where x in (?, ?, $3)"),
            ("insert into t values (1, 2), ('a', 'b')", "insert into t values (?), (?)"),
            (
                r#"select "name" from "t" where "t"."name" = "Ada""#,
                r#"select "name" from "t" where "t"."name" = ?"#,
            ),
            (
                "select `a` from t -- the secret\nwhere b = x'ff' and c = true",
                "select `a` from t where b = ? and c = ?",
            ),
            ("select /* 'x' */ $$a 'b' c$$, $t$ z $t$", "select ?"),
            (r"select 'a\'b' , 'c", "select ?"),
            ("  a  \n b ", "a b"),
        ] {
            assert_eq!(shape(query).as_deref(), Some(expected), "{query}");
        }
    }

    #[test]
    fn what_has_no_value_stays() {
        for query in ["SELECT an order", "insert into t", "", "delete from t where id = $1"] {
            assert_eq!(shape(query), None, "{query}");
        }
    }

    #[test]
    fn five_hundred_characters_stay() {
        let long = format!("select {}", "ä".repeat(10_000));
        assert_eq!(shape(&long).unwrap().chars().count(), 500);
        assert_eq!(cut(&long).unwrap().chars().count(), 500);
        assert_eq!(shape(&format!("select {}", "1, ".repeat(100_000))).unwrap(), "select ?,");
    }
}
