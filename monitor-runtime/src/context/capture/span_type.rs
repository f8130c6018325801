//! The attribute of a span that says what kind of error ended it.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::local::Local;
use super::super::open::{Mode, Open};
use super::type_name::split_type;
use crate::collect::{Key, Plain, VALUE_WORDS, value_words, write_value};

const KEY: Key<'_> = Key::Named("error.type");
/// Words of most records: the key, and a name of up to 48 bytes.
const ROOM: usize = VALUE_WORDS + 8;
/// Words of a record that differ from span to span.
const OF_SPAN: usize = 3;

thread_local! {
    static LAST: Ready = const { Ready::new() };
}

/// The record of the type that a thread saw last, but for what is the span's: errors come in bursts of
/// the same type.
struct Ready {
    path: Cell<&'static str>,
    words: [Cell<u64>; ROOM - OF_SPAN],
    /// How many words there are; 0 of a name that is too long.
    len: Cell<usize>,
}

impl Ready {
    const fn new() -> Self {
        Self {
            path: Cell::new(""),
            words: [const { Cell::new(0) }; ROOM - OF_SPAN],
            len: Cell::new(0),
        }
    }

    #[cold]
    #[inline(never)]
    fn make(&self, path: &'static str) {
        let slots = [const { AtomicU64::new(0) }; ROOM];
        let value = Plain::Text(split_type(path).1);
        let len = value_words(&KEY, &value);
        if let Some(slots) = slots.get(..len) {
            write_value(slots, [0; OF_SPAN], &KEY, &value);
        }
        for (word, slot) in self.words.iter().zip(&slots[OF_SPAN..]) {
            word.set(slot.load(Ordering::Relaxed));
        }
        self.path.set(path);
        self.len.set(if len <= ROOM { len - OF_SPAN } else { 0 });
    }
}

/// Says it of the type with this path. Of a `dyn Error` that is known once it is read.
pub(super) fn write(local: &Local, open: &Open, path: &'static str) {
    if path.is_empty() || !has_span(open) {
        return;
    }
    let written = LAST.try_with(|ready| {
        if !std::ptr::eq(ready.path.get(), path) {
            ready.make(path);
        }
        let words = ready.words.get(..ready.len.get()).filter(|words| !words.is_empty())?;
        local.write_value_words(open.site.number(), words);
        Some(())
    });
    if !matches!(written, Ok(Some(()))) {
        write_name(local, open, split_type(path).1);
    }
}

/// Says it of a type with this name.
pub(super) fn write_name(local: &Local, open: &Open, name: &str) {
    if has_span(open) {
        local.write_value(open.site.number(), KEY, Plain::Text(name));
    }
}

const fn has_span(open: &Open) -> bool {
    matches!(open.mode, Mode::Child | Mode::Root)
}
