//! Values of the user as bounded text. What the user's code does meanwhile can't hurt us.

use std::cell::Cell;
use std::fmt::{self, Debug, Display, Write};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

thread_local! {
    /// Taken out while in use: formatting may come back here.
    static SCRATCH: Cell<String> = const { Cell::new(String::new()) };
}

/// What stands in for a text whose `Display` or `Debug` panicked.
pub(crate) const PANICKED: &str = "<panicked while formatting>";

/// Calls `f` with the text, of at most `max` bytes.
pub(crate) fn with_text<T>(value: &dyn Display, max: usize, f: impl FnOnce(&str) -> T) -> T {
    let mut buffer = SCRATCH.try_with(Cell::take).unwrap_or_default();
    buffer.clear();
    write_bounded(&mut buffer, value, max);
    let result = f(&buffer);
    // Not kept when a single long text has made it large.
    if buffer.capacity() <= 4096 {
        let _ = SCRATCH.try_with(|scratch| scratch.set(buffer));
    }
    result
}

/// The text, of at most `max` bytes.
pub(crate) fn bounded(value: &dyn Display, max: usize) -> String {
    with_text(value, max, str::to_owned)
}

/// The longest beginning of at most `max` bytes that ends with a whole character.
pub(crate) fn cut(text: &str, max: usize) -> &str {
    if text.len() <= max {
        return text;
    }
    let end = (0..=max).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    &text[..end]
}

/// `Debug` as `Display`.
pub(crate) struct AsDebug<'a>(pub(crate) &'a dyn Debug);

impl Display for AsDebug<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Writes the text, of at most `max` bytes, into an empty buffer.
pub(super) fn write_bounded(buffer: &mut String, value: &dyn Display, max: usize) {
    let mut bounded = Bounded { buffer, room: max, stack: stack_place() };
    let outcome = catch_unwind(AssertUnwindSafe(|| write!(bounded, "{value}")));
    if outcome.is_err() {
        buffer.clear();
        buffer.push_str(cut(PANICKED, max));
    }
}

/// Stops the formatting once the bound is reached: a `Debug` of megabytes costs no more.
struct Bounded<'a> {
    buffer: &'a mut String,
    /// Bytes that still fit.
    room: usize,
    /// Where the stack was when the formatting began.
    stack: usize,
}

impl Write for Bounded<'_> {
    #[inline]
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // In this function itself: texts come in many pieces. Most fit, and none goes deep.
        let here = 0_u8;
        let place = std::ptr::from_ref(std::hint::black_box(&here)).addr();
        if place.abs_diff(self.stack) > MAX_STACK || text.len() > self.room {
            return self.end(text);
        }
        self.room -= text.len();
        self.buffer.push_str(text);
        Ok(())
    }
}

impl Bounded<'_> {
    #[cold]
    #[inline(never)]
    fn end(&mut self, text: &str) -> fmt::Result {
        let depth = stack_place().abs_diff(self.stack);
        // One that goes on all the same would end the process.
        if cfg!(panic = "unwind") && depth > 2 * MAX_STACK {
            resume_unwind(Box::new("a text that goes too deep"));
        }
        if depth <= MAX_STACK {
            self.buffer.push_str(cut(text, self.room));
        }
        self.room = 0;
        Err(fmt::Error)
    }
}

/// Bytes of the stack that formatting may use. One that calls itself for ever, or for each of many
/// values inside of another, ends there. A tenth of what a thread has unless somebody says more.
const MAX_STACK: usize = 192 * 1024;

/// Where on the stack the caller is, about.
#[inline]
fn stack_place() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(std::hint::black_box(&here)).addr()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bad;

    impl Display for Bad {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            panic!("no text for you")
        }
    }

    #[test]
    fn texts_are_cut_at_a_character() {
        assert_eq!(bounded(&"Grüße", 3), "Gr");
        assert_eq!(bounded(&"Grüße", 4), "Grü");
        assert_eq!(bounded(&"Grüße", 100), "Grüße");
        assert_eq!(bounded(&format_args!("{}{}", "a".repeat(5), "b"), 5), "aaaaa");
    }

    #[test]
    fn a_panic_while_formatting_is_a_text() {
        assert_eq!(bounded(&Bad, 100), PANICKED);
    }

    #[test]
    fn formatting_may_format() {
        struct Outer;
        impl Display for Outer {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                with_text(&"inner", 10, |text| f.write_str(text))
            }
        }
        assert_eq!(with_text(&Outer, 10, str::to_owned), "inner");
    }

    /// Calls itself for ever.
    struct Recursive;

    #[expect(clippy::recursive_format_impl, reason = "that is the test")]
    impl Display for Recursive {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "x{self}")
        }
    }

    /// The same, and listens to nobody.
    struct Stubborn;

    #[expect(clippy::recursive_format_impl, reason = "that is the test")]
    impl Display for Stubborn {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            let _ = f.write_str("x");
            let _ = write!(f, "{self}");
            Ok(())
        }
    }

    #[test]
    fn a_text_that_calls_itself_ends() {
        let text = bounded(&Recursive, 1 << 20);
        assert!(text.len() > 100 && text.len() < 100_000, "{}", text.len());
        assert_eq!(bounded(&Recursive, 100), "x".repeat(100));
        assert_eq!(bounded(&Stubborn, 100), PANICKED);
    }
}
