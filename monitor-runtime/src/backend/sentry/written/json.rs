//! JSON, written piece by piece. Whatever isn't plain is left to `serde_json`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;

/// Digits of a hexadecimal number.
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The decimal digits of the numbers below 100.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut number = 0;
    while number < 100 {
        pairs[number] = [DIGITS[number / 10], DIGITS[number % 10]];
        number += 1;
    }
    pairs
};

fn pair(number: u64) -> [u8; 2] {
    PAIRS[(number % 100) as usize]
}

/// The bytes so far.
#[derive(Default)]
pub(super) struct Json(pub(super) Vec<u8>);

impl Json {
    /// Bytes that are JSON already.
    pub(super) fn raw(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.extend_from_slice(bytes.as_ref());
    }

    /// A value by its type's own rules.
    pub(super) fn typed(&mut self, value: &impl Serialize) {
        let before = self.0.len();
        // A vector takes all; what has no form in JSON is none of ours.
        if serde_json::to_writer(&mut self.0, value).is_err() {
            self.0.truncate(before);
            self.raw("null");
        }
    }

    /// A text, in quotes.
    #[inline]
    pub(super) fn text(&mut self, text: &str) {
        if is_plain(text.as_bytes()) {
            self.plain(text);
        } else {
            self.typed(&text);
        }
    }

    /// A text that needs no escapes.
    pub(super) fn plain(&mut self, text: &str) {
        self.0.reserve(text.len() + 2);
        self.0.push(b'"');
        self.raw(text);
        self.0.push(b'"');
    }

    /// The name of what follows, in an object that is open.
    pub(super) fn key(&mut self, key: &str) {
        self.comma();
        self.text(key);
        self.0.push(b':');
    }

    /// The same for a name that needs no escapes.
    pub(super) fn name(&mut self, name: &'static str) {
        self.comma();
        self.plain(name);
        self.0.push(b':');
    }

    /// Begins an object.
    pub(super) fn open(&mut self) {
        self.0.push(b'{');
    }

    /// Ends an object.
    pub(super) fn close(&mut self) {
        self.0.push(b'}');
    }

    /// What stands between this and what is before it, if anything is.
    pub(super) fn comma(&mut self) {
        if !matches!(self.0.last(), Some(b'{' | b'[')) {
            self.0.push(b',');
        }
    }

    /// A list, one item by each call of `write`.
    pub(super) fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        self.0.push(b'[');
        for item in items {
            self.comma();
            write(self, item);
        }
        self.0.push(b']');
    }

    /// An id of 16 bytes in hexadecimal digits, without quotes.
    pub(super) fn id(&mut self, bytes: [u8; 16]) {
        self.raw(id_digits(bytes));
    }

    /// The same as a UUID is mostly written.
    pub(super) fn uuid(&mut self, bytes: [u8; 16]) {
        let digits = id_digits(bytes);
        let mut text = [b'-'; 36];
        for (at, part) in [(0, 0..8), (9, 8..12), (14, 12..16), (19, 16..20), (24, 20..32)] {
            text[at..at + part.len()].copy_from_slice(&digits[part]);
        }
        self.raw(text);
    }

    /// A time as seconds since 1970, with all digits that the clock has.
    pub(super) fn time(&mut self, time: SystemTime) {
        self.seconds(time.duration_since(UNIX_EPOCH).unwrap_or_default());
    }

    fn seconds(&mut self, since: Duration) {
        self.nanos(u64::try_from(since.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Nanoseconds as seconds, with all digits.
    pub(super) fn nanos(&mut self, nanos: u64) {
        let (seconds, rest) = (nanos / 1_000_000_000, nanos % 1_000_000_000);
        // Between 2001 and 2286.
        if (1_000_000_000..10_000_000_000).contains(&seconds) {
            let mut text = [b'.'; 20];
            text[..2].copy_from_slice(&pair(seconds / 100_000_000));
            text[2..10].copy_from_slice(&eight_decimals(seconds % 100_000_000));
            text[11..19].copy_from_slice(&eight_decimals(rest / 10));
            text[19] = pair(rest % 10)[1];
            return self.raw(text);
        }
        let mut text = [b'.'; 30];
        let (whole, fraction) = text.split_at_mut(21);
        put_digits(fraction, rest);
        let at = put_whole(&mut whole[..20], seconds);
        self.raw(&text[at..]);
    }

    /// A number of thousandths, with a fraction as short as it can be.
    pub(super) fn thousandths(&mut self, number: u64) {
        self.number(number / 1000);
        let mut digits = [b'.'; 4];
        put_digits(&mut digits[1..], number % 1000);
        let len = match digits {
            [.., b'0', b'0'] => 2,
            [.., b'0'] => 3,
            _ => 4,
        };
        self.raw(&digits[..len]);
    }

    /// A whole number.
    pub(super) fn number(&mut self, number: u64) {
        let mut digits = [0; 20];
        let at = put_whole(&mut digits, number);
        self.raw(&digits[at..]);
    }

    /// The last digits of a number.
    pub(super) fn digits<const N: usize>(&mut self, number: u32) {
        let mut digits = [0; N];
        put_digits(&mut digits, u64::from(number));
        self.raw(digits);
    }

    /// A number of 8 bytes in hexadecimal digits, without quotes.
    pub(super) fn hex(&mut self, number: u64) {
        self.raw(hex_digits(number));
    }

    /// The same between two short texts.
    pub(super) fn hex_between<const A: usize, const B: usize>(
        &mut self,
        before: &[u8; A],
        number: u64,
        behind: &[u8; B],
    ) {
        const { assert!(A + 16 + B <= 64, "in one piece of this size") };
        let mut bytes = [0; 64];
        bytes[..A].copy_from_slice(before);
        bytes[A..A + 16].copy_from_slice(&hex_digits(number));
        bytes[A + 16..A + 16 + B].copy_from_slice(behind);
        self.raw(&bytes[..A + 16 + B]);
    }
}

/// The sixteen digits of a number.
fn hex_digits(number: u64) -> [u8; 16] {
    let mut digits = [0; 16];
    #[expect(clippy::cast_possible_truncation, reason = "the halves of a number")]
    let halves = [(number >> 32) as u32, number as u32];
    for (eight, half) in digits.chunks_exact_mut(8).zip(halves) {
        eight.copy_from_slice(&eight_digits(half));
    }
    digits
}

/// The 32 digits of an id of 16 bytes.
pub(super) fn id_digits(bytes: [u8; 16]) -> [u8; 32] {
    let number = u128::from_be_bytes(bytes);
    let mut digits = [0; 32];
    #[expect(clippy::cast_possible_truncation, reason = "the halves of a number")]
    let halves = [(number >> 64) as u64, number as u64];
    digits[..16].copy_from_slice(&hex_digits(halves[0]));
    digits[16..].copy_from_slice(&hex_digits(halves[1]));
    digits
}

/// The eight decimal digits of a number below 100 millions, all at once.
const fn eight_decimals(number: u64) -> [u8; 8] {
    const ZEROS: u64 = u64::MAX / 0xff * b'0' as u64;
    // Halves, quarters and digits, each in the lower part of its room: what is multiplied and shifted
    // by is 1/100 and 1/10, exact for numbers that small.
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let quarters = hundreds | ((halves - hundreds * 100) << 16);
    let tens = ((quarters * 103) >> 10) & 0x000f_000f_000f_000f;
    let digits = tens | ((quarters - tens * 10) << 8);
    (digits + ZEROS).to_le_bytes()
}

/// Fills `room` with the last digits of a number.
fn put_digits(room: &mut [u8], mut number: u64) {
    for two in room.rchunks_mut(2) {
        let [tens, ones] = pair(number);
        number /= 100;
        match two {
            [first, second] => (*first, *second) = (tens, ones),
            [one] => *one = ones,
            _ => {}
        }
    }
}

/// Writes a number at the end of `room`, which holds its digits; returns where it begins.
pub(super) fn put_whole(room: &mut [u8], mut number: u64) -> usize {
    let mut at = room.len();
    while number >= 100 {
        at -= 2;
        room[at..at + 2].copy_from_slice(&pair(number));
        number /= 100;
    }
    if number >= 10 {
        at -= 2;
        room[at..at + 2].copy_from_slice(&pair(number));
    } else {
        at -= 1;
        room[at] = pair(number)[1];
    }
    at
}

/// The eight digits of a number, all at once.
const fn eight_digits(number: u32) -> [u8; 8] {
    const ONES: u64 = u64::MAX / 0xff;
    // Each half byte in a byte of its own.
    let wide = number as u64;
    let wide = (wide | wide << 16) & 0x0000_ffff_0000_ffff;
    let wide = (wide | wide << 8) & 0x00ff_00ff_00ff_00ff;
    let wide = (wide | wide << 4) & 0x0f0f_0f0f_0f0f_0f0f;
    let letters = (wide + ONES * 6) >> 4 & ONES;
    (wide + ONES * b'0' as u64 + letters * (b'a' - b'0' - 10) as u64).to_be_bytes()
}

/// Whether a text stands in JSON as it is.
fn is_plain(bytes: &[u8]) -> bool {
    let (words, rest) = bytes.as_chunks::<8>();
    let found = words.iter().fold(0, |found, word| found | escaped(u64::from_le_bytes(*word)));
    // The rest is looked at with what is before it.
    let last = match bytes.last_chunk::<8>() {
        Some(last) => u64::from_le_bytes(*last),
        None => rest.iter().fold(PLAIN, |last, byte| last << 8 | u64::from(*byte)),
    };
    (found | escaped(last)) == 0
}

/// A word of blanks.
const PLAIN: u64 = u64::MAX / 0xff * b' ' as u64;

/// Marks of those of eight bytes that don't: a byte that is less than another borrows from its highest
/// bit.
const fn escaped(word: u64) -> u64 {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES * 0x80;
    let control = word.wrapping_sub(ONES * 0x20);
    let quote = (word ^ (ONES * b'"' as u64)).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    // The borrow may reach the next byte: then a text is looked at once more for nothing.
    (control | quote | backslash) & !word & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_written_as_serde_writes_them() {
        let mut texts: Vec<String> =
            (0..0x80_u8).map(|byte| format!("a{}b", byte as char)).collect();
        // Where in a word it stands makes no difference.
        texts.extend((0..16).map(|at| format!("{}\\{}", "é".repeat(at), "~".repeat(16 - at))));
        texts.extend(["", "Grüße, 世界 🦀", "\u{7f}\u{2028}", "\\u0000"].map(str::to_owned));
        for text in texts {
            let mut json = Json::default();
            json.text(&text);
            assert_eq!(json.0, serde_json::to_vec(&text).unwrap(), "{text:?}");
        }
    }

    #[test]
    fn numbers_are_written_with_all_their_digits() {
        let edges = (0..20).flat_map(|power| {
            let ten = 10_u64.pow(power);
            [ten - 1, ten, ten + 7]
        });
        for number in edges.chain([u64::MAX]) {
            let mut json = Json::default();
            json.number(number);
            assert_eq!(json.0, number.to_string().into_bytes());
            let mut json = Json::default();
            json.nanos(number);
            let (whole, rest) = (number / 1_000_000_000, number % 1_000_000_000);
            assert_eq!(json.0, format!("{whole}.{rest:09}").into_bytes());
        }
    }

    #[test]
    #[expect(clippy::cast_precision_loss, reason = "they are exact")]
    fn thousandths_are_written_as_serde_writes_their_number() {
        for number in (0..20_000).chain((0..15).map(|power| 10_u64.pow(power) + 10)) {
            let mut json = Json::default();
            json.thousandths(number);
            assert_eq!(json.0, serde_json::to_vec(&(number as f64 / 1000.0)).unwrap());
        }
    }

    #[test]
    fn eight_decimals_are_those_of_the_number() {
        let mut number = 7;
        while number < 100_000_000 {
            for near in [number - 1, number, 99_999_999 - number] {
                assert_eq!(eight_decimals(near), *format!("{near:08}").as_bytes());
            }
            number += 9_973;
        }
        for below in 0..10_000 {
            for number in [below, below * 10_000] {
                assert_eq!(eight_decimals(number), *format!("{number:08}").as_bytes());
            }
        }
    }

    #[test]
    fn commas_stand_between() {
        let mut digits = Json::default();
        digits.hex(0x0123_4567_89ab_cdef);
        assert_eq!(digits.0, b"0123456789abcdef");
        let mut json = Json::default();
        json.open();
        json.name("ids");
        json.list([0xab, u64::MAX], |json, id| {
            json.raw("\"");
            json.hex(id);
            json.raw("\"");
        });
        json.key("a\"b");
        json.list(None::<u8>, |json, number| json.typed(&number));
        json.name("text");
        json.text("ends with {");
        json.name("last");
        json.typed(&1.5);
        json.close();
        let expected = r#"{"ids":["00000000000000ab","ffffffffffffffff"],"a\"b":[],"text":"ends with {","last":1.5}"#;
        assert_eq!(String::from_utf8(json.0).unwrap(), expected);
    }
}
