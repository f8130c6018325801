//! Which series a call means, as one number: found without a copy of name and attributes.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use crate::collect::Plain;

/// A number for a name and what belongs to it. Two that differ have the same number with odds of
/// 1 : 2^64, under a seed that the process draws, so that nobody can look for such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key(pub(super) u64);

const FACTOR: u64 = 0xa076_1d64_78bd_642f;

impl Key {
    pub(super) fn new(kind: u8, name: &str) -> Self {
        Self(seed()).with_word(u64::from(kind)).with_text(name)
    }

    /// The same, and a number.
    #[inline]
    pub(super) const fn with_word(self, word: u64) -> Self {
        // Both halves of the product go in: each bit of the word reaches each bit of the key.
        let wide = (self.0 ^ word) as u128 * (FACTOR ^ word.rotate_left(32)) as u128;
        #[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
        Self((wide as u64 ^ (wide >> 64) as u64).wrapping_add(FACTOR))
    }

    pub(super) fn with_text(self, text: &str) -> Self {
        let (whole, rest) = text.as_bytes().as_chunks::<8>();
        let mut key = self.with_word(text.len() as u64);
        for bytes in whole {
            key = key.with_word(u64::from_le_bytes(*bytes));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        if rest.is_empty() { key } else { key.with_word(u64::from_le_bytes(last)) }
    }

    /// The same, and an attribute.
    pub(super) fn with_plain(self, name: &str, value: &Plain<'_>) -> Self {
        let key = self.with_text(name);
        match value {
            Plain::Null => key.with_word(0),
            Plain::Bool(value) => key.with_word(1).with_word(u64::from(*value)),
            Plain::I64(value) => key.with_word(2).with_word(value.cast_unsigned()),
            Plain::U64(value) => key.with_word(3).with_word(*value),
            Plain::F64(value) => key.with_word(4).with_word(value.to_bits()),
            Plain::Text(text) => key.with_word(5).with_text(text),
        }
    }
}

fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| RandomState::new().hash_one(0x6d65_7472_6963_u64))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_million_attribute_values_have_as_many_keys() {
        let base = Key::new(0, "orders.placed");
        let mut keys = HashSet::new();
        for number in 0..500_000_u64 {
            keys.insert(base.with_plain("user", &Plain::U64(number)).0);
            keys.insert(base.with_plain("user", &Plain::Text(&number.to_string())).0);
        }
        assert_eq!(keys.len(), 1_000_000);
    }

    #[test]
    fn where_a_text_ends_makes_a_difference() {
        let key = |name: &str, value: &str| Key::new(0, "m").with_plain(name, &Plain::Text(value));
        assert_ne!(key("ab", "c"), key("a", "bc"));
        assert_ne!(key("a", "b"), key("a", "b\0"));
        assert_eq!(key("a", "b"), key("a", "b"));
    }
}
