//! Memory of an error that nobody remembers any more, for the next one of the same thread.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};

use crate::record::Exception;

/// Bytes that most texts have room in.
const USUAL_TEXT: usize = 64;
/// Bytes of a text whose memory is kept.
const MAX_TEXT: usize = 1024;

thread_local! {
    /// One: a thread that remembers an error more forgets the oldest.
    static SPARE: Cell<Option<Box<Exception>>> = const { Cell::new(None) };
}

/// An error in memory of its thread, which keeps it for the next one.
#[derive(Debug)]
pub(in crate::context) struct Place(Option<Box<Exception>>);

impl Place {
    /// For one error, whose text is empty.
    pub(super) fn take() -> Self {
        let spare = SPARE.try_with(Cell::take).ok().flatten();
        Self(Some(spare.unwrap_or_else(new)))
    }

    /// A place for this one.
    pub(in crate::context) fn of(error: Exception) -> Self {
        let mut place = Self::take();
        *place = error;
        place
    }
}

#[cold]
fn new() -> Box<Exception> {
    let (type_name, value) = ("".into(), String::with_capacity(USUAL_TEXT));
    Box::new(Exception { type_name, value, module: None, frames: Vec::new() })
}

impl Deref for Place {
    type Target = Exception;

    #[inline]
    fn deref(&self) -> &Exception {
        self.0.as_deref().unwrap_or_else(|| unreachable!("it is there until it is dropped"))
    }
}

impl DerefMut for Place {
    #[inline]
    fn deref_mut(&mut self) -> &mut Exception {
        self.0.as_deref_mut().unwrap_or_else(|| unreachable!("it is there until it is dropped"))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(mut error) = self.0.take() else { return };
        if error.value.capacity() > MAX_TEXT || !error.frames.is_empty() {
            return;
        }
        error.value.clear();
        let _ = SPARE.try_with(|spare| spare.set(Some(error)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Place {
        let mut place = Place::take();
        place.value.push_str(text);
        place
    }

    #[test]
    fn memory_is_used_again_once_nobody_has_it() {
        let first = place("first");
        let address = std::ptr::from_ref(&*first);
        assert_ne!(std::ptr::from_ref(&*place("second")), address);
        drop(first);
        let again = Place::take();
        assert_eq!((std::ptr::from_ref(&*again), again.value.as_str()), (address, ""));
        drop(place(&"x".repeat(2 * MAX_TEXT)));
        assert!(Place::take().value.capacity() < MAX_TEXT);
    }
}
