//! What was wrong with a response's numbers.

use std::fmt;

/// Which corrections were made to what a response says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Notes(u8);

impl Notes {
    pub(crate) const NONE: Self = Self(0);
    /// A count stood in a text, or was no number at all.
    pub(crate) const TEXT: Self = Self(1);
    /// A count was below 0, and is taken for 0.
    pub(crate) const NEGATIVE: Self = Self(1 << 1);
    /// A count had a fraction, and is rounded.
    pub(crate) const FRACTION: Self = Self(1 << 2);
    /// A count was larger than Sentry's whole numbers are, and is cut there.
    pub(crate) const OVERFLOW: Self = Self(1 << 3);
    /// A part was larger than its whole, and is added to it.
    pub(crate) const PART: Self = Self(1 << 4);

    const WORDS: [(Self, &'static str); 5] = [
        (Self::TEXT, "text"),
        (Self::NEGATIVE, "negative"),
        (Self::FRACTION, "fraction"),
        (Self::OVERFLOW, "overflow"),
        (Self::PART, "part_beyond_whole"),
    ];

    pub(crate) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) const fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl fmt::Display for Notes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut comma = "";
        for (_, word) in Self::WORDS.iter().filter(|(note, _)| self.0 & note.0 != 0) {
            write!(f, "{comma}{word}")?;
            comma = ",";
        }
        Ok(())
    }
}
