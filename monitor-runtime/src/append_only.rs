//! A list that only grows: any thread reads an entry by its number without a lock.

use std::sync::{Mutex, OnceLock, PoisonError};

pub(crate) const FIRST_SEGMENT: usize = 32;
pub(crate) const SEGMENTS: usize = 26;

/// Segment `k` holds `32 << k` entries, so that an entry never moves.
pub(crate) struct AppendOnly<T: 'static> {
    segments: [OnceLock<Box<[OnceLock<T>]>>; SEGMENTS],
    len: Mutex<usize>,
}

impl<T> AppendOnly<T> {
    pub(crate) const fn new() -> Self {
        Self { segments: [const { OnceLock::new() }; SEGMENTS], len: Mutex::new(0) }
    }

    /// Appends what `make` returns for the new entry's number, counted from 1.
    ///
    /// `make` may return `None`: then nothing is appended.
    pub(crate) fn push_with(&self, make: impl FnOnce(u32) -> Option<T>) -> Option<u32> {
        let mut len = self.len.lock().unwrap_or_else(PoisonError::into_inner);
        let number = u32::try_from(*len + 1).ok()?;
        let (segment, offset) = place(*len);
        let value = make(number)?;
        let entries = self
            .segments
            .get(segment)?
            .get_or_init(|| (0..FIRST_SEGMENT << segment).map(|_| OnceLock::new()).collect());
        entries.get(offset)?.set(value).ok()?;
        *len += 1;
        Some(number)
    }

    /// The entry with this number, counted from 1.
    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        let (segment, offset) = place((number as usize).checked_sub(1)?);
        self.segments.get(segment)?.get()?.get(offset)?.get()
    }

    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        *self.len.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The segment of an entry, and its place in there.
pub(crate) fn place(index: usize) -> (usize, usize) {
    let block = index / FIRST_SEGMENT + 1;
    let segment = block.ilog2() as usize;
    (segment, index + FIRST_SEGMENT - (FIRST_SEGMENT << segment))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_keep_their_numbers_across_segments() {
        let list = AppendOnly::new();
        for expected in 1..=500_u32 {
            assert_eq!(list.push_with(|number| Some(number * 7)), Some(expected));
        }
        assert_eq!(list.len(), 500);
        for number in 1..=500 {
            assert_eq!(list.get(number), Some(&(number * 7)));
        }
        assert_eq!(list.get(0), None);
        assert_eq!(list.get(501), None);
    }
}
