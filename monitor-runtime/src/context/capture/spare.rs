//! Memory of errors that nobody remembers any more, for the next ones of the same thread.

use std::cell::RefCell;
use std::sync::Arc;

use crate::record::Exception;

/// Errors whose memory a thread keeps: as many as a call remembers, and one that is read.
const KEPT: usize = 5;
/// Bytes that most texts have room in.
const USUAL_TEXT: usize = 64;
/// Bytes of a text whose memory is kept.
const MAX_TEXT: usize = 1024;

thread_local! {
    static SPARE: RefCell<Vec<Arc<[Exception]>>> = const { RefCell::new(Vec::new()) };
}

/// A place for one error, whose text is empty.
pub(super) fn take() -> Arc<[Exception]> {
    let spare = SPARE.try_with(|spare| spare.try_borrow_mut().ok()?.pop());
    spare.ok().flatten().unwrap_or_else(|| {
        let (type_name, value) = ("".into(), String::with_capacity(USUAL_TEXT));
        Arc::new([Exception { type_name, value, module: None, frames: Vec::new() }])
    })
}

/// Takes back the memory of an error alone that nobody else has.
pub(in crate::context) fn give_back(mut place: Arc<[Exception]>) {
    let Some([error]) = Arc::get_mut(&mut place) else { return };
    if error.value.capacity() > MAX_TEXT || !error.frames.is_empty() {
        return;
    }
    error.value.clear();
    let _ = SPARE.try_with(|spare| {
        if let Ok(mut spare) = spare.try_borrow_mut()
            && spare.len() < KEPT
        {
            spare.push(place);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str) -> Arc<[Exception]> {
        let mut place = take();
        Arc::get_mut(&mut place).unwrap()[0].value.push_str(text);
        place
    }

    #[test]
    fn memory_is_used_again_once_nobody_has_it() {
        let first = place("first");
        let (shared, address) = (Arc::clone(&first), first.as_ptr());
        give_back(first);
        assert_ne!(place("second").as_ptr(), address);
        give_back(shared);
        let again = take();
        assert_eq!((again.as_ptr(), again[0].value.as_str()), (address, ""));
        give_back(place(&"x".repeat(2 * MAX_TEXT)));
        assert!(take()[0].value.capacity() < MAX_TEXT);
    }
}
