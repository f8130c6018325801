//! Short texts that were looked at a moment ago and hold no secret. The same few come again and again:
//! types of errors, hashes, what an error says in a burst.

use std::hash::Hasher;
use std::sync::{Mutex, TryLockError};

use crate::policy::hash::TextHasher;

/// Texts that are remembered. One more takes the place of another.
const PLACES: usize = 64;
/// Bytes of a text.
const MAX_LEN: usize = 63;

/// The last clean texts.
pub(super) struct Recent(Mutex<Box<[Place; PLACES]>>);

#[derive(Clone, Copy)]
struct Place {
    len: u8,
    text: [u8; MAX_LEN],
}

impl Default for Recent {
    fn default() -> Self {
        Self(Mutex::new(Box::new([Place { len: 0, text: [0; MAX_LEN] }; PLACES])))
    }
}

impl Recent {
    /// Whether the text is among them.
    pub(super) fn has(&self, text: &str) -> bool {
        self.with_place(text, |place| place.is_of(text)).unwrap_or(false)
    }

    /// Notes that the text is clean.
    pub(super) fn note(&self, text: &str) {
        self.with_place(text, |place| place.set(text));
    }

    /// `None` for a text that is too long, and where another thread is looking.
    fn with_place<T>(&self, text: &str, f: impl FnOnce(&mut Place) -> T) -> Option<T> {
        if text.is_empty() || text.len() > MAX_LEN {
            return None;
        }
        let mut places = match self.0.try_lock() {
            Ok(places) => places,
            Err(TryLockError::Poisoned(places)) => places.into_inner(),
            Err(TryLockError::WouldBlock) => return None,
        };
        let mut hasher = TextHasher::default();
        hasher.write(text.as_bytes());
        let at = usize::try_from(hasher.finish() % PLACES as u64).ok()?;
        places.get_mut(at).map(f)
    }
}

impl Place {
    fn is_of(&self, text: &str) -> bool {
        usize::from(self.len) == text.len() && self.text.starts_with(text.as_bytes())
    }

    fn set(&mut self, text: &str) {
        if let (Ok(len), Some(place)) = (u8::try_from(text.len()), self.text.get_mut(..text.len()))
        {
            place.copy_from_slice(text.as_bytes());
            self.len = len;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_noted_is_known() {
        let recent = Recent::default();
        let texts: Vec<String> =
            (0..1000).map(|n| format!("text {n} {}", "x".repeat(n % 60))).collect();
        for text in &texts {
            assert!(!recent.has(text));
            recent.note(text);
            assert_eq!(recent.has(text), text.len() <= MAX_LEN);
            assert!(!recent.has(&text[..text.len() - 1]) && !recent.has(&format!("{text}!")));
        }
        let known = texts.iter().filter(|text| recent.has(text)).count();
        assert!((1..=PLACES).contains(&known), "{known}");
    }
}
