//! Which series a call means, as one number: found without a copy of name and attributes.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use crate::collect::Plain;

/// A number for a name and what belongs to it. Two that differ have the same number with odds of
/// 1 : 2^64, under a seed that the process draws, so that nobody can look for such.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Key(pub(super) u64);

/// Odd numbers without a pattern, as in wyhash (Wang Yi, public domain).
const FACTORS: [u64; 2] = [0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db];

impl Key {
    pub(super) fn new(kind: u8, name: &str) -> Self {
        Self(seed()).with_bytes(name.as_bytes(), u64::from(kind))
    }

    /// The same, and a number.
    #[inline]
    pub(super) const fn with_word(self, word: u64) -> Self {
        self.with_two(word, 0)
    }

    /// The same, and two numbers. Both halves of the product go in: each bit that is given reaches
    /// each bit of the key.
    #[inline]
    const fn with_two(self, a: u64, b: u64) -> Self {
        let wide = (self.0 ^ a ^ FACTORS[0]) as u128 * (b ^ FACTORS[1]) as u128;
        #[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
        Self(wide as u64 ^ (wide >> 64) as u64)
    }

    #[inline]
    pub(super) fn with_text(self, text: &str) -> Self {
        self.with_bytes(text.as_bytes(), 0)
    }

    /// The bytes, sixteen at a time and the last sixteen, and then how many there are and of what.
    #[inline]
    fn with_bytes(self, bytes: &[u8], of: u64) -> Self {
        let mut key = self;
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first_chunk::<16>()
            && !after.is_empty()
        {
            let (a, b) = halves(first);
            (key, rest) = (key.with_two(a, b), after);
        }
        let (a, b) = match (bytes.last_chunk::<16>(), rest) {
            (Some(last), _) => halves(last),
            (None, short) => up_to_sixteen(short),
        };
        key.with_two(a, b).with_word(bytes.len() as u64 | of << 48)
    }

    /// The same, and an attribute.
    #[inline]
    pub(super) fn with_plain(self, name: &str, value: &Plain<'_>) -> Self {
        let key = self.with_text(name);
        match value {
            Plain::Null => key.with_two(0, 1),
            Plain::Bool(value) => key.with_two(u64::from(*value), 2),
            Plain::I64(value) => key.with_two(value.cast_unsigned(), 3),
            Plain::U64(value) => key.with_two(*value, 4),
            Plain::F64(value) => key.with_two(value.to_bits(), 5),
            Plain::Text(text) => key.with_bytes(text.as_bytes(), 6),
        }
    }
}

#[inline]
fn halves(bytes: &[u8; 16]) -> (u64, u64) {
    let wide = u128::from_le_bytes(*bytes);
    #[expect(clippy::cast_possible_truncation, reason = "one half each")]
    (wide as u64, (wide >> 64) as u64)
}

/// Loads of fixed length that overlap: a copy of a length that isn't known is a call.
#[inline]
fn up_to_sixteen(bytes: &[u8]) -> (u64, u64) {
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        return (u64::from_le_bytes(*first), u64::from_le_bytes(*last));
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let [first, last] = [first, last].map(|word| u64::from(u32::from_le_bytes(*word)));
        return (first, last);
    }
    let byte = |at: usize| u64::from(bytes.get(at).copied().unwrap_or_default());
    (byte(0), byte(bytes.len() / 2) << 8 | byte(bytes.len().saturating_sub(1)))
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
