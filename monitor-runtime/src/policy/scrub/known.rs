//! What is known of texts that stand in the program itself, such as most names: they never change, so
//! one look at each is enough.

use std::sync::atomic::{AtomicU64, Ordering};

use super::keys::Verdict;

/// Texts that are known at a time. One more takes the place of another.
const PLACES: usize = 512;
/// Bytes of a text: longer ones are looked at each time.
const MAX_LEN: usize = 0xfff;
/// Bits of a word for what is known, for the length, and for both.
const FACT: u32 = 4;
const BELOW: u32 = FACT + 12;

/// A fact about each of some texts.
pub(super) struct Known {
    /// Where the text is, how long it is, and what is known, in one word each; 0 where nothing is.
    places: Box<[AtomicU64; PLACES]>,
}

impl Default for Known {
    fn default() -> Self {
        Self { places: Box::new([const { AtomicU64::new(0) }; PLACES]) }
    }
}

impl Known {
    /// What `find` says of the text, which is asked where that isn't known. Below 16.
    pub(super) fn or_find(&self, text: &'static str, find: impl FnOnce() -> u8) -> u8 {
        let Some((place, word)) = self.place(text) else { return find() };
        let known = place.load(Ordering::Relaxed);
        if known >> FACT == word >> FACT {
            #[expect(clippy::cast_possible_truncation, reason = "the lowest bits")]
            return known as u8 & ((1 << FACT) - 1);
        }
        let fact = find();
        place.store(word | u64::from(fact), Ordering::Relaxed);
        fact
    }

    /// Where a fact about the text is, and the word for the fact 0; `None` for one that has no such word.
    fn place(&self, text: &'static str) -> Option<(&AtomicU64, u64)> {
        let address = u64::try_from(text.as_ptr().addr()).ok()?;
        if text.is_empty() || text.len() > MAX_LEN || address >> (u64::BITS - BELOW) != 0 {
            return None;
        }
        let word = address << BELOW | (text.len() as u64) << FACT;
        // Texts lie one behind the other: the high bits of the product are spread well.
        let hash = (word >> FACT).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 48;
        Some((self.places.get(usize::try_from(hash).ok()? % PLACES)?, word))
    }
}

impl Verdict {
    /// As a fact that [`Known`] keeps.
    pub(super) const fn to_fact(self) -> u8 {
        self as u8
    }

    pub(super) const fn from_fact(fact: u8) -> Self {
        match fact {
            0 => Self::Unknown,
            1 => Self::Allowed,
            2 => Self::Personal,
            3 => Self::Weak,
            4 => Self::Listed,
            _ => Self::Strong,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_looked_at_once() {
        let known = Known::default();
        let text = "user_id, user";
        assert_eq!(known.or_find(text, || 3), 3);
        assert_eq!(known.or_find(text, || 7), 3);
        // Another length at the same place, and another place, are other texts.
        assert_eq!(known.or_find(&text[..7], || 4), 4);
        assert_eq!(known.or_find(&text[9..], || 5), 5);
        assert_eq!(known.or_find(text, || 7), 3);
        assert_eq!((known.or_find("", || 1), known.or_find("", || 2)), (1, 2));
    }

    #[test]
    fn a_text_that_takes_the_place_of_another_is_not_taken_for_it() {
        static MANY: [u8; 4 * PLACES] = [b'x'; 4 * PLACES];
        let many = str::from_utf8(&MANY).unwrap();
        let known = Known::default();
        for _ in 0..3 {
            for (at, fact) in (0..many.len() - 1).zip((0..16).cycle()) {
                assert_eq!(known.or_find(&many[at..=at], || fact), fact);
            }
        }
    }

    #[test]
    fn verdicts_come_back_as_they_were() {
        use Verdict::{Allowed, Listed, Personal, Strong, Unknown, Weak};
        for verdict in [Unknown, Allowed, Personal, Weak, Listed, Strong] {
            assert_eq!(Verdict::from_fact(verdict.to_fact()), verdict);
        }
    }
}
