//! Secrets in free text, found by their looks or by the name before them.
//!
//! One walk over the text's words. Each look ahead is either of bounded length or over text that is
//! then replaced, so the time is linear in the length of the text.

use std::ops::Range;

use super::keys::{Keys, Verdict};
use super::{FILTERED, assigned, card, tokens};

/// What is looked for.
#[derive(Clone, Copy)]
pub(super) struct Looks<'a> {
    pub(super) keys: &'a Keys,
    /// Whether e-mail addresses may stay.
    pub(super) personal: bool,
}

/// The text without its secrets; `None` if there are none.
pub(super) fn scrub(text: &str, looks: Looks<'_>) -> Option<String> {
    if !may_hold_secret(text.as_bytes()) {
        return None;
    }
    let mut scan = Scan { text, bytes: text.as_bytes(), looks, kept: 0, out: None };
    let mut at = 0;
    while let Some(byte) = scan.byte(at) {
        if !starts_word(byte) {
            at += 1;
            continue;
        }
        let end = scan.word_end(at + 1);
        at = if scan.is_worth_a_look(at, end) { scan.word(at, end).max(end) } else { end };
    }
    scan.finish()
}

/// A quick look at a text; most hold none of what each secret needs.
fn may_hold_secret(bytes: &[u8]) -> bool {
    let (mut word, mut longest, mut digits, mut dashes) = (0, 0, 0, 0);
    let mut scheme = false;
    for &byte in bytes {
        let class = CLASS[byte as usize];
        if class == SIGN {
            return true;
        }
        scheme |= word == 0 && byte | 0x20 == b'b';
        word = if class == SEPARATOR { 0 } else { word + 1 };
        longest = word.max(longest);
        digits += u32::from(byte.is_ascii_digit());
        dashes += u32::from(byte == b'-');
    }
    longest >= LEAST_TOKEN || digits >= LEAST_CARD || dashes >= 5 || scheme
}

/// Bytes of the shortest word that is a token by itself.
const LEAST_TOKEN: usize = 15;
/// Digits of the shortest card number.
const LEAST_CARD: u32 = 13;

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    looks: Looks<'a>,
    /// Everything before is in `out`.
    kept: usize,
    out: Option<String>,
}

/// Longest domain of an address, by RFC 1035.
const MAX_DOMAIN: usize = 255;

impl<'a> Scan<'a> {
    fn word_end(&self, from: usize) -> usize {
        let rest = self.rest(from);
        from + rest.iter().position(|byte| !in_word(*byte)).unwrap_or(rest.len())
    }

    /// Whether [`word`](Self::word) could find anything here.
    fn is_worth_a_look(&self, start: usize, end: usize) -> bool {
        let next = self.byte(end).unwrap_or(0);
        let len = end - start;
        CLASS[next as usize] == SIGN
            || len >= LEAST_TOKEN
            || (next == b' ' && self.bytes[start..end].ends_with(b"-BEGIN"))
            || (self.bytes[end - 1].is_ascii_digit() && (len >= 13 || next == b' '))
            || (matches!(next, b' ' | b'\t')
                && (len == 5
                    || len == 6
                    || self.byte(end + 1).is_some_and(|sign| matches!(sign, b'=' | b':'))))
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    fn rest(&self, from: usize) -> &'a [u8] {
        self.bytes.get(from..).unwrap_or_default()
    }

    /// Looks at one word; returns where to go on.
    fn word(&mut self, start: usize, end: usize) -> usize {
        let word = &self.text[start..end];
        if word.bytes().any(|byte| byte.is_ascii_digit())
            && let Some(number) = self.number(start, end)
        {
            return self.replace(number.start, number.end);
        }
        if let Some(at) = tokens::start(word.trim_end_matches(['.', '-'])) {
            return self.replace(start + at, end);
        }
        match self.byte(end) {
            Some(b'@') if !self.looks.personal => self.address(start, end),
            Some(b':') if self.rest(end).starts_with(b"://") => self.url(end + 3),
            Some(b'=' | b':' | b'"' | b'\'' | b'\\') => self.assignment(start, end),
            Some(b' ' | b'\t') if is_scheme(word) => self.credential(end),
            Some(b' ') if matches!(self.byte(end + 1), Some(b'=' | b':')) => {
                self.assignment(start, end)
            }
            Some(b' ') if word.ends_with("BEGIN") => self.private_key(end - "BEGIN".len(), end),
            _ => end,
        }
    }

    /// A card's number, or the token of a bot of Telegram: digits, a colon and more, also in the
    /// path of a URL, behind `bot`.
    fn number(&self, start: usize, end: usize) -> Option<Range<usize>> {
        let word = &self.text[start..end];
        if self.byte(end) == Some(b':') {
            let digits = word.bytes().rev().take_while(u8::is_ascii_digit).count();
            if let Some(len) = tokens::telegram_len(digits, self.rest(end + 1)) {
                return Some(end - digits..end - digits + len);
            }
        }
        let mut parts = tokens::parts(word).map(|at| start + at);
        parts.find_map(|at| card::end(self.rest(at)).map(|len| at..at + len))
    }

    fn address(&mut self, start: usize, at_sign: usize) -> usize {
        let is_domain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
        let domain = self.rest(at_sign + 1);
        let len = domain.iter().take(MAX_DOMAIN).take_while(|byte| is_domain(byte)).count();
        let end = at_sign + 1 + len;
        let domain = self.text[at_sign + 1..end].trim_end_matches(['.', '-']);
        let has_top = domain.rsplit_once('.').is_some_and(|(host, top)| {
            !host.is_empty() && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_alphabetic())
        });
        if has_top { self.replace(start, at_sign + 1 + domain.len()) } else { at_sign + 1 }
    }

    /// The user and the password before the host.
    fn url(&mut self, start: usize) -> usize {
        let ends = |byte: &u8| {
            byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'' | b'<' | b'>' | b'`')
        };
        let authority = self.rest(start);
        let len = authority.iter().position(ends).unwrap_or(authority.len());
        let authority = &authority[..len];
        let Some(at_sign) = authority.iter().rposition(|byte| *byte == b'@') else {
            return start;
        };
        // An address in the query of a URL without a path isn't a user.
        let query = authority.iter().position(|byte| matches!(byte, b'?' | b'#'));
        let colon = authority.iter().position(|byte| *byte == b':');
        if query.is_some_and(|query| query < at_sign && colon.is_none_or(|colon| query < colon)) {
            return start;
        }
        self.replace(start, start + at_sign) + 1
    }

    /// What is behind `Bearer`.
    fn credential(&mut self, end: usize) -> usize {
        let start = end + self.rest(end).iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let is_part = |byte: &u8| in_word(*byte) || matches!(byte, b'~' | b'/' | b'=');
        let len = self.rest(start).iter().take_while(|byte| is_part(byte)).count();
        match tokens::is_credential(&self.rest(start)[..len]) {
            true => self.replace(start, start + len),
            // A word like any other: looked at once more, which happens to each word once.
            false => end,
        }
    }

    /// What is behind `password=`.
    fn assignment(&mut self, start: usize, end: usize) -> usize {
        let word = &self.text[start..end];
        // First the name: to look for the end of each value would take the square of the time.
        let verdict = self.looks.keys.verdict(word);
        let is_personal = verdict == Verdict::Personal && self.looks.personal;
        if verdict == Verdict::Unknown || is_personal {
            return end;
        }
        let Some(place) = assigned::value(self.bytes, end) else { return end };
        let value = &self.bytes[place.start..place.end];
        let header = is_header(word);
        let in_sentence = place.in_prose && is_plain(value) && is_one_word(word);
        let harmless = match verdict {
            Verdict::Weak => !header && (is_number(value) || in_sentence),
            Verdict::Listed => !header && place.in_prose && (is_number(value) || in_sentence),
            _ => false,
        };
        if value.is_empty() || harmless {
            return end;
        }
        if verdict == Verdict::Allowed {
            return place.end;
        }
        let to_line_end = header && !place.quoted;
        let end = if to_line_end { self.line_end(place.start) } else { place.end };
        self.replace(place.start, end)
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.rest(from);
        from + rest.iter().position(|b| matches!(b, b'\n' | b'\r' | b'"')).unwrap_or(rest.len())
    }

    /// A key in the form of RFC 7468, to its end or that of the text.
    fn private_key(&mut self, start: usize, end: usize) -> usize {
        let Some(dashes) = start.checked_sub(5) else { return end };
        let label = &self.rest(end)[..self.rest(end).len().min(64)];
        let is_private = label.windows(11).any(|part| part == b"PRIVATE KEY");
        if !is_private || &self.bytes[dashes..start] != b"-----" || dashes < self.kept {
            return end;
        }
        let close = self.text[end..].find("-----END ").map(|at| end + at + 9);
        let close = close.and_then(|at| self.text[at..].find("-----").map(|more| at + more + 5));
        self.replace(dashes, close.unwrap_or(self.bytes.len()))
    }

    fn replace(&mut self, start: usize, end: usize) -> usize {
        let out = self.out.get_or_insert_with(|| String::with_capacity(self.text.len()));
        out.push_str(&self.text[self.kept..start]);
        out.push_str(FILTERED);
        self.kept = end;
        end
    }

    fn finish(self) -> Option<String> {
        let mut out = self.out?;
        out.push_str(&self.text[self.kept..]);
        Some(out)
    }
}

/// What stands between words and says nothing.
const SEPARATOR: u8 = 0;
/// What is only inside of words: keys, tokens and addresses have it.
const INSIDE: u8 = 1;
/// Letters of any alphabet, digits and `_`.
const LETTER: u8 = 2;
/// What makes the word before it a name, a user or a scheme.
const SIGN: u8 = 3;

const fn starts_word(byte: u8) -> bool {
    CLASS[byte as usize] == LETTER
}

const fn in_word(byte: u8) -> bool {
    matches!(CLASS[byte as usize], INSIDE | LETTER)
}

static CLASS: [u8; 256] = {
    let mut class = [SEPARATOR; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        class[at] = match byte {
            b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => LETTER,
            b'-' | b'.' | b'+' | b'%' => INSIDE,
            b'@' | b':' | b'=' | b'"' | b'\'' | b'\\' => SIGN,
            _ => SEPARATOR,
        };
        at += 1;
    }
    class
};

fn is_scheme(word: &str) -> bool {
    ["bearer", "basic"].iter().any(|scheme| scheme.eq_ignore_ascii_case(word))
}

/// Headers whose values have spaces; also as a part of something: `request.headers.cookie`.
fn is_header(word: &str) -> bool {
    let name = word.rsplit('.').next().unwrap_or(word);
    ["authorization", "proxy-authorization", "cookie", "set-cookie"]
        .iter()
        .any(|header| header.eq_ignore_ascii_case(name))
}

fn is_one_word(name: &str) -> bool {
    !name.contains(['-', '_', '.'])
}

fn is_number(value: &[u8]) -> bool {
    value.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// A word of a sentence, as in "unexpected token: semicolon".
fn is_plain(value: &[u8]) -> bool {
    value.len() < 16
        && value.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_punctuation())
}
