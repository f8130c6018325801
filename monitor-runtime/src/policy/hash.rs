//! A hash of texts that is compared with others of the same process, and never leaves it.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::LazyLock;

/// Takes eight bytes at once, with a multiplication each.
pub(super) struct TextHasher(u64);

impl Default for TextHasher {
    fn default() -> Self {
        /// Another one in each process: nobody can make texts that are taken for each other.
        static SEEDS: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(0));
        Self(*SEEDS)
    }
}

impl TextHasher {
    const fn add(&mut self, word: u64) {
        let product = (self.0 ^ word) as u128 * 0x9e37_79b9_7f4a_7c15;
        // Both halves count: each bit of the word reaches each bit of the hash.
        let (high, low) = ((product >> 64) as u64, (product & u64::MAX as u128) as u64);
        self.0 = high ^ low.rotate_left(23) ^ word;
    }
}

impl Hasher for TextHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.add(u64::from_le_bytes(last));
        self.add(bytes.len() as u64);
    }

    fn write_u8(&mut self, byte: u8) {
        self.add(byte.into());
    }

    fn write_u32(&mut self, number: u32) {
        self.add(number.into());
    }

    fn write_u64(&mut self, number: u64) {
        self.add(number);
    }

    fn write_u128(&mut self, number: u128) {
        self.add((number >> 64) as u64);
        self.add(number as u64);
    }

    fn write_usize(&mut self, number: usize) {
        self.add(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::{BuildHasher, BuildHasherDefault};

    use super::*;

    #[test]
    fn other_texts_have_other_hashes() {
        let hash = |text: &str| BuildHasherDefault::<TextHasher>::default().hash_one(text);
        let long = "a connection that was refused";
        let mut hashes = HashSet::new();
        for end in 0..=long.len() {
            assert_eq!(hash(&long[..end]), hash(&long.to_owned()[..end]));
            for last in 0..=255_u8 {
                hashes.insert(hash(&format!("{}{}", &long[..end], char::from(last))));
            }
        }
        // The half of it is kept of what is remembered: that tells them apart, too.
        let halves: HashSet<_> = hashes.iter().map(|hash| *hash as u32).collect();
        assert!(hashes.len() >= 29 * 256 && hashes.len() - halves.len() < 3, "{}", hashes.len());
    }
}
