//! How records lie in a chunk, in words of 8 bytes.
//!
//! | record | words |
//! |---|---|
//! | span | header, trace, id, parent, start, end; for async functions also the busy ticks |
//! | root | the same, always with the busy ticks; then the hub's number and the sampling rate; for a trace with an id of its own also the number that was compared with the rate, and the id |
//! | unsampled | header, the hub's number: a root of which nothing is recorded |
//! | metric | header with the series' number in place of the callsite's, then a count or the bits of a value |
//! | value | header, trace, span id, kind, then the key if it isn't a field's number, then the value; or the tokens of an AI call, a word each |
//!
//! The header holds, from its lowest bits: kind (3), whether it is a root whose trace is whole (1), nothing (4), status (8), length in words (14),
//! nothing (2), and the callsite's number (32). Times are in ticks.

use std::sync::atomic::{AtomicU64, Ordering};

use super::trace::RawSpan;
use crate::context::cut;
use crate::record::{Status, Usage, Value};

pub(crate) const SPAN: u8 = 1;
pub(crate) const ROOT: u8 = 2;
pub(crate) const VALUE: u8 = 3;
pub(crate) const UNSAMPLED_ROOT: u8 = 4;
pub(crate) const METRIC: u8 = 5;

pub(crate) const SPAN_WORDS: usize = 6;
pub(crate) const BUSY_SPAN_WORDS: usize = 7;
pub(crate) const ROOT_WORDS: usize = 9;
pub(crate) const CONTINUED_ROOT_WORDS: usize = 12;
pub(crate) const UNSAMPLED_ROOT_WORDS: usize = 2;
pub(crate) const METRIC_WORDS: usize = 2;
/// Words of a value record before its key.
pub(crate) const VALUE_WORDS: usize = 4;
/// What a value record sets, where that is the tokens of an AI call: beside those of [`Key`].
const USAGE: u64 = 6;

/// The first word of each record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header(u64);

impl Header {
    #[inline]
    pub(crate) const fn new(kind: u8, status: Status, len: usize, callsite: u32) -> Self {
        Self(kind as u64 | (status as u64) << 8 | (len as u64) << 16 | (callsite as u64) << 32)
    }

    /// The header of a record with so many words more.
    #[inline]
    pub(crate) const fn longer(word: u64, words: usize) -> u64 {
        word + ((words as u64) << 16)
    }

    /// The header of a root; whether all records of its trace lie in front of it, in the chunks of one thread.
    pub(crate) const fn of_whole_trace(word: u64, is_whole: bool) -> u64 {
        word | (is_whole as u64) << 3
    }

    pub(crate) const fn is_whole_trace(self) -> bool {
        self.0 & 1 << 3 != 0
    }

    #[inline]
    pub(crate) const fn word(self) -> u64 {
        self.0
    }

    pub(crate) const fn from_word(word: u64) -> Self {
        Self(word)
    }

    #[expect(clippy::cast_possible_truncation, reason = "takes these bits")]
    pub(crate) const fn kind(self) -> u8 {
        self.0 as u8 & 0b111
    }

    /// Whether it has this kind and this length: one comparison.
    #[inline]
    const fn is_of(self, kind: u8, len: usize) -> bool {
        self.0 & (0x3fff << 16 | 0b111) == (len as u64) << 16 | kind as u64
    }

    pub(crate) fn status(self) -> Status {
        #[expect(clippy::cast_possible_truncation, reason = "takes these bits")]
        Status::from_byte((self.0 >> 8) as u8)
    }

    pub(crate) const fn len(self) -> usize {
        (self.0 >> 16) as usize & 0x3fff
    }

    pub(crate) const fn callsite(self) -> u32 {
        (self.0 >> 32) as u32
    }
}

/// What a value record sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    /// The field of this number in the callsite's list.
    Field(usize),
    /// An attribute of this name.
    Named(&'a str),
    /// The span's name.
    Name,
    /// The span's description.
    Description,
    /// The span's status.
    Status,
    /// The span's op, where it turned out to be another than the callsite's.
    Op,
}

/// The value of a value record.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Plain<'a> {
    Null,
    Bool(bool),
    I64(i64),
    U64(u64),
    F64(f64),
    Text(&'a str),
}

impl Key<'_> {
    const fn code(self) -> u64 {
        match self {
            Self::Field(_) => 0,
            Self::Named(_) => 1,
            Self::Name => 2,
            Self::Description => 3,
            Self::Status => 4,
            Self::Op => 5,
        }
    }

    const fn number(self) -> usize {
        match self {
            Self::Field(number) => number,
            Self::Named(name) => name.len(),
            _ => 0,
        }
    }

    const fn text(&self) -> &str {
        match self {
            Self::Named(name) => name,
            _ => "",
        }
    }
}

impl Plain<'_> {
    /// The value as it is kept; a text is cut to `max` bytes.
    pub(crate) fn to_value(self, max: usize) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(value),
            Self::I64(value) => Value::I64(value),
            Self::U64(value) => Value::U64(value),
            Self::F64(value) => value.into(),
            Self::Text(text) => cut(text, max).into(),
        }
    }

    const fn code(self) -> u64 {
        match self {
            Self::Null => 0,
            Self::Bool(_) => 1,
            Self::I64(_) => 2,
            Self::U64(_) => 3,
            Self::F64(_) => 4,
            Self::Text(_) => 5,
        }
    }

    const fn bits(self) -> u64 {
        match self {
            Self::Null => 0,
            Self::Bool(value) => value as u64,
            Self::I64(value) => value.cast_unsigned(),
            Self::U64(value) => value,
            Self::F64(value) => value.to_bits(),
            Self::Text(text) => text.len() as u64,
        }
    }

    const fn text(&self) -> &str {
        match self {
            Self::Text(text) => text,
            _ => "",
        }
    }
}

/// The length in words of a value record. Its kind word holds, from its lowest bits: what it sets
/// (8), the value's kind (8), the key's number or length (16), the text's length (32).
pub(crate) fn value_words(key: &Key<'_>, value: &Plain<'_>) -> usize {
    let scalar = usize::from(!matches!(value, Plain::Text(_)));
    VALUE_WORDS + text_words(key.text()) + text_words(value.text()) + scalar
}

/// Words of a value record of a field that is a number or a `bool`.
pub(crate) const SCALAR_WORDS: usize = VALUE_WORDS + 1;

/// Its last two words, if that is what there is to record.
#[inline]
pub(crate) const fn scalar_field(key: &Key<'_>, value: &Plain<'_>) -> Option<[u64; 2]> {
    match (key, value) {
        (_, Plain::Text(_)) => None,
        (Key::Field(number), value) => {
            Some([key.code() | value.code() << 8 | (*number as u64) << 16, value.bits()])
        }
        _ => None,
    }
}

/// Writes a value record into slots of exactly its length.
pub(crate) fn write_value(
    slots: &[AtomicU64],
    [header, trace, span]: [u64; 3],
    key: &Key<'_>,
    value: &Plain<'_>,
) {
    let text = value.text();
    let kind =
        key.code() | value.code() << 8 | (key.number() as u64) << 16 | (text.len() as u64) << 32;
    let (fixed, rest) = slots.split_at(VALUE_WORDS);
    for (slot, word) in fixed.iter().zip([header, trace, span, kind]) {
        slot.store(word, Ordering::Relaxed);
    }
    let (key_slots, value_slots) = rest.split_at(text_words(key.text()));
    write_text(key_slots, key.text());
    match value {
        Plain::Text(text) => write_text(value_slots, text),
        plain => value_slots.iter().for_each(|slot| slot.store(plain.bits(), Ordering::Relaxed)),
    }
}

/// A word of a record; 0 where it is shorter.
#[inline]
pub(super) fn word(record: &[AtomicU64], at: usize) -> u64 {
    record.get(at).map_or(0, |word| word.load(Ordering::Relaxed))
}

/// Reads a span that lies in front, if one of this trace does; also returns what lies behind it.
#[inline]
pub(super) fn read_span(words: &[AtomicU64], key: u64) -> Option<(RawSpan, &[AtomicU64])> {
    let fixed = words.first_chunk::<SPAN_WORDS>()?;
    let header = Header::from_word(fixed[0].load(Ordering::Relaxed));
    if fixed[1].load(Ordering::Relaxed) != key {
        return None;
    }
    // Most are as short as can be.
    if header.is_of(SPAN, SPAN_WORDS) {
        return Some((RawSpan::of_sync(header, fixed), &words[SPAN_WORDS..]));
    }
    if header.kind() != SPAN {
        return None;
    }
    let (record, rest) = words.split_at_checked(header.len())?;
    Some((RawSpan::read(header, record)?, rest))
}

/// Reads the words of a value record back; `buffer` holds its texts.
pub(crate) fn read_value<'b>(
    words: &[AtomicU64],
    buffer: &'b mut Vec<u8>,
) -> Option<(Key<'b>, Plain<'b>)> {
    let kind = words.get(VALUE_WORDS - 1)?.load(Ordering::Relaxed);
    let rest = &words[VALUE_WORDS..];
    let (key_number, text_len) = ((kind >> 16) as usize & 0xffff, (kind >> 32) as usize);
    let key_len = if kind & 0xff == 1 { key_number } else { 0 };
    buffer.clear();
    let (key_slots, value_slots) = rest.split_at_checked(key_len.div_ceil(8))?;
    read_text(key_slots, buffer);
    let value_from = buffer.len();
    read_text(value_slots, buffer);
    let (key_bytes, value_bytes) = buffer.split_at(value_from);
    let key = match kind & 0xff {
        0 => Key::Field(key_number),
        1 => Key::Named(str::from_utf8(key_bytes.get(..key_len)?).ok()?),
        2 => Key::Name,
        3 => Key::Description,
        4 => Key::Status,
        5 => Key::Op,
        _ => return None,
    };
    let bits = || value_slots.first().map(|slot| slot.load(Ordering::Relaxed));
    let value = match (kind >> 8) & 0xff {
        0 => Plain::Null,
        1 => Plain::Bool(bits()? != 0),
        2 => Plain::I64(bits()?.cast_signed()),
        3 => Plain::U64(bits()?),
        4 => Plain::F64(f64::from_bits(bits()?)),
        5 => Plain::Text(str::from_utf8(value_bytes.get(..text_len)?).ok()?),
        _ => return None,
    };
    Some((key, value))
}

/// Words of a value record of the tokens that an AI call used.
pub(crate) const USAGE_WORDS: usize = VALUE_WORDS + 5;

/// Such a record. Its kind word holds, beside what it sets, a bit for each count that there is.
#[inline]
pub(crate) const fn usage_record(
    [header, trace, span]: [u64; 3],
    usage: &Usage,
) -> [u64; USAGE_WORDS] {
    const fn bit(count: Option<u64>, at: u32) -> u64 {
        (count.is_some() as u64) << (16 + at)
    }
    const fn word(count: Option<u64>) -> u64 {
        match count {
            Some(count) => count,
            None => 0,
        }
    }
    let Usage { input, output, cache_read, cache_creation, reasoning } = *usage;
    let kind = USAGE
        | bit(input, 0)
        | bit(output, 1)
        | bit(cache_read, 2)
        | bit(cache_creation, 3)
        | bit(reasoning, 4);
    let [input, output] = [word(input), word(output)];
    let [cache_read, cache_creation] = [word(cache_read), word(cache_creation)];
    [header, trace, span, kind, input, output, cache_read, cache_creation, word(reasoning)]
}

/// Reads the words of a value record back, if it is one of counts.
pub(crate) fn read_usage(words: &[AtomicU64]) -> Option<Usage> {
    let kind = word(words, VALUE_WORDS - 1);
    if kind & 0xff != USAGE {
        return None;
    }
    let count = |at: usize| (kind & 1 << (16 + at) != 0).then(|| word(words, VALUE_WORDS + at));
    Some(Usage {
        input: count(0),
        output: count(1),
        cache_read: count(2),
        cache_creation: count(3),
        reasoning: count(4),
    })
}

const fn text_words(text: &str) -> usize {
    text.len().div_ceil(8)
}

fn write_text(slots: &[AtomicU64], text: &str) {
    let (whole, rest) = text.as_bytes().as_chunks::<8>();
    for (slot, bytes) in slots.iter().zip(whole) {
        slot.store(u64::from_le_bytes(*bytes), Ordering::Relaxed);
    }
    if let (false, Some(slot)) = (rest.is_empty(), slots.last()) {
        let mut bytes = [0; 8];
        bytes[..rest.len()].copy_from_slice(rest);
        slot.store(u64::from_le_bytes(bytes), Ordering::Relaxed);
    }
}

fn read_text(slots: &[AtomicU64], into: &mut Vec<u8>) {
    for slot in slots {
        into.extend_from_slice(&slot.load(Ordering::Relaxed).to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(key: Key<'_>, value: Plain<'_>) {
        let len = value_words(&key, &value);
        let slots: Vec<_> = (0..len).map(|_| AtomicU64::new(u64::MAX)).collect();
        write_value(&slots, [1, 2, 3], &key, &value);
        let mut buffer = Vec::new();
        assert_eq!(read_value(&slots, &mut buffer), Some((key, value)));
    }

    #[test]
    fn values_come_back_as_they_were_written() {
        for key in [Key::Field(3), Key::Named("rows.read"), Key::Named("12345678"), Key::Name] {
            for text in ["", "a", "1234567", "12345678", "Grüße, 世界, and more"] {
                round_trip(key, Plain::Text(text));
            }
            round_trip(key, Plain::I64(-5));
            round_trip(key, Plain::U64(u64::MAX));
            round_trip(key, Plain::F64(0.1));
            round_trip(key, Plain::Bool(true));
            round_trip(key, Plain::Null);
        }
    }

    #[test]
    fn a_short_record_is_that_of_any_value() {
        for value in
            [Plain::Null, Plain::Bool(true), Plain::I64(-5), Plain::U64(7), Plain::F64(0.1)]
        {
            let key = Key::Field(300);
            let slots = [const { AtomicU64::new(0) }; SCALAR_WORDS];
            assert_eq!(value_words(&key, &value), SCALAR_WORDS);
            write_value(&slots, [1, 2, 3], &key, &value);
            let [kind, bits] = scalar_field(&key, &value).unwrap();
            assert_eq!(slots.map(AtomicU64::into_inner), [1, 2, 3, kind, bits]);
        }
        assert_eq!(scalar_field(&Key::Named("n"), &Plain::U64(7)), None);
        assert_eq!(scalar_field(&Key::Field(1), &Plain::Text("")), None);
    }

    #[test]
    fn counts_come_back_as_they_were_written() {
        for mask in 0..32_u64 {
            let count = |at: u64| (mask & 1 << at != 0).then_some(at * u64::from(u32::MAX));
            let usage = Usage {
                input: count(0),
                output: count(1),
                cache_read: count(2),
                cache_creation: count(3),
                reasoning: count(4),
            };
            let slots = usage_record([1, 2, 3], &usage).map(AtomicU64::new);
            assert_eq!(read_usage(&slots), Some(usage));
            assert_eq!(read_value(&slots, &mut Vec::new()), None);
        }
    }

    #[test]
    fn headers_come_back_as_they_were_written() {
        let header = Header::new(ROOT, Status::Panicked, ROOT_WORDS, u32::MAX);
        assert_eq!(header.kind(), ROOT);
        assert_eq!(header.status(), Status::Panicked);
        assert_eq!(header.len(), ROOT_WORDS);
        assert_eq!(header.callsite(), u32::MAX);
    }
}
