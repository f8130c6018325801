//! The one static of each annotated function: everything about it that never changes.

mod details;

use std::panic::Location;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::append_only::AppendOnly;
use crate::collect::{Header, SPAN, SPAN_WORDS};
use crate::record::{Frame, Status};

pub use details::Details;
pub(crate) use details::{Ai, AiKind};

static CALLSITES: AppendOnly<&'static Callsite> = AppendOnly::new();

/// What is known of an annotated function when it is compiled.
///
/// The attributes make one `static` of it a function; programs only read it, from
/// [`Span::callsite`](crate::record::Span::callsite).
#[derive(Debug)]
pub struct Callsite {
    /// The header of the record of a plain span, with its number among the callsites that ran in
    /// the upper half; in bits that a header doesn't use, which short ways its calls may take:
    /// [`way`]. 0 until it runs.
    word: AtomicU64,
    pub(crate) flags: u32,
    /// The limit of `#[slow_threshold]` in ticks of the clock; 0 until that is known, the greatest number without a
    /// limit.
    pub(crate) slow_ticks: AtomicU64,
    pub(crate) op: &'static str,
    pub(crate) name: &'static str,
    pub(crate) module: &'static str,
    pub(crate) location: &'static Location<'static>,
    pub(crate) details: &'static Details,
}

/// The bits of [`Callsite::flags`].
pub(crate) mod flag {
    /// Starts a trace of its own, even inside another.
    pub(crate) const ROOT: u32 = 1;
    /// Makes no span where none is current.
    pub(crate) const CHILD_ONLY: u32 = 1 << 1;
    /// Makes no span at all: only outcome and time are looked at.
    pub(crate) const NO_SPAN: u32 = 1 << 2;
    /// Has a scope of its own, which ends with the function.
    pub(crate) const SCOPED: u32 = 1 << 3;
    /// Reports a call that takes too long when it ends.
    pub(crate) const SLOW: u32 = 1 << 4;
    /// Reports a call that takes too long while it runs.
    pub(crate) const WATCHDOG: u32 = 1 << 5;
    /// Captures an `Err`.
    pub(crate) const CAPTURE: u32 = 1 << 6;
    /// Captures a panic.
    pub(crate) const PANICS: u32 = 1 << 7;

    /// Each call is counted and timed, if metrics are on.
    pub(crate) const METERED: u32 = 1 << 10;

    /// Is a job that runs on a schedule.
    pub(crate) const CRON: u32 = 1 << 11;
    /// Is the program's `main`.
    pub(crate) const MAIN: u32 = 1 << 9;
    /// Its op is that of a database, whose calls are counted.
    pub(crate) const QUERY: u32 = 1 << 8;

    /// Is a call of an AI model, agent or tool.
    pub(crate) const AI: u32 = 1 << 12;

    /// What the short way into a span can't do.
    const LONG_WAY_IN: u32 = ROOT | NO_SPAN | SCOPED | WATCHDOG | CRON | MAIN;
    /// What asks for the time when a call ends, or for a count.
    pub(crate) const TIMED: u32 = SLOW | METERED | QUERY;
    /// What the short way through a call without a span can't do.
    const LONG_WAY_WITHOUT_SPAN: u32 = ROOT | SCOPED | WATCHDOG | CRON | MAIN | AI;

    /// Whether a span below a recorded root is all that a call of these flags makes.
    pub(crate) const fn is_plain(flags: u32) -> bool {
        flags & LONG_WAY_IN == 0
    }

    /// Whether a call of these flags that makes no span has no more to do than to look at the time.
    pub(crate) const fn may_be_silent(flags: u32) -> bool {
        flags & LONG_WAY_WITHOUT_SPAN == 0
    }

    /// The short ways that calls of these flags may take.
    pub(super) const fn ways(flags: u32) -> u64 {
        use super::way;
        let mut ways = match (is_plain(flags), flags & TIMED) {
            (false, _) => 0,
            (true, 0) => way::SPAN,
            (true, _) => way::TIMED_SPAN,
        };
        if flags & TIMED != 0 {
            ways |= way::TIMED;
        }
        if may_be_silent(flags) && flags & (TIMED | PANICS) == 0 {
            ways |= way::SILENT_BELOW_UNSAMPLED;
            if flags & (CHILD_ONLY | NO_SPAN) != 0 {
                ways |= way::SILENT_OUTSIDE;
            }
            if flags & NO_SPAN != 0 {
                ways |= way::SILENT_INSIDE;
            }
        }
        ways
    }
}

/// The short ways of a call, in a callsite's word.
pub(crate) mod way {
    /// A span, below a recorded root.
    pub(crate) const SPAN: u64 = 1 << 3;
    /// The same, and its end looks at the time, or it is counted.
    pub(crate) const TIMED_SPAN: u64 = 1 << 4;
    /// No span, where no root is open.
    pub(crate) const SILENT_OUTSIDE: u64 = 1 << 5;
    /// No span, below a recorded root.
    pub(crate) const SILENT_INSIDE: u64 = 1 << 6;
    /// No span, below an unsampled root.
    pub(crate) const SILENT_BELOW_UNSAMPLED: u64 = 1 << 7;
    /// What ends looks at the time, or is counted.
    pub(crate) const TIMED: u64 = 1 << 31;

    /// The way that a call without a span takes where this trace is current.
    #[inline]
    pub(crate) const fn silent(trace: u64) -> u64 {
        match trace.cast_signed() {
            ..0 => SILENT_BELOW_UNSAMPLED,
            0 => SILENT_OUTSIDE,
            1.. => SILENT_INSIDE,
        }
    }

    /// The number of the callsite whose word this is.
    #[inline]
    pub(crate) const fn number(word: u64) -> u32 {
        (word >> 32) as u32
    }
}

impl Callsite {
    /// The callsite of the function where this is called.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn new(op: &'static str, name: &'static str, module: &'static str) -> Self {
        Self {
            word: AtomicU64::new(0),
            flags: if is_database(op) { flag::QUERY } else { 0 },
            slow_ticks: AtomicU64::new(u64::MAX),
            op,
            name,
            module,
            location: Location::caller(),
            details: &Details::NONE,
        }
    }

    /// The function's op.
    pub const fn op(&self) -> &'static str {
        self.op
    }

    /// The function's name, or the one that the attribute gives it.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The function's name, whatever its spans are called.
    pub const fn function(&self) -> &'static str {
        match self.details.function {
            Some(name) => name,
            None => self.name,
        }
    }

    /// The path of the function's module.
    pub const fn module(&self) -> &'static str {
        self.module
    }

    /// The source file and line.
    pub const fn location(&self) -> &'static Location<'static> {
        self.location
    }

    /// Whether its calls are counted and timed.
    #[inline]
    pub(crate) fn is_metered(&self) -> bool {
        self.has(flag::METERED) && crate::metrics::is_on()
    }

    /// Whether somebody may ask how long a call takes that makes no span.
    #[inline]
    pub(crate) const fn is_timed(&self) -> bool {
        self.has(flag::TIMED | flag::WATCHDOG)
    }

    pub(crate) const fn has(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }

    /// Its number among all callsites; given at the first call.
    #[inline]
    pub(crate) fn number(&'static self) -> u32 {
        match self.known_number() {
            0 => self.register(),
            number => number,
        }
    }

    /// Its number, or 0 before the first call.
    #[inline]
    pub(crate) fn known_number(&self) -> u32 {
        way::number(self.word())
    }

    /// Its number and the short ways of its calls, or 0 before the first call.
    #[inline]
    pub(crate) fn word(&self) -> u64 {
        self.word.load(Ordering::Relaxed)
    }

    #[cold]
    #[inline(never)]
    fn register(&'static self) -> u32 {
        let mut known = 0;
        let pushed = CALLSITES.push_with(|number| {
            // Another thread may have been first: the list's lock decides.
            known = self.known_number();
            (known == 0).then(|| {
                let header = Header::new(SPAN, Status::Ok, SPAN_WORDS, number);
                self.word.store(header.word() | flag::ways(self.flags), Ordering::Relaxed);
                self
            })
        });
        pushed.unwrap_or(known)
    }

    /// How many callsites have numbers.
    pub(crate) fn count() -> u32 {
        u32::try_from(CALLSITES.len()).unwrap_or(u32::MAX)
    }

    /// The callsite with this number.
    pub(crate) fn by_number(number: u32) -> Option<&'static Self> {
        CALLSITES.get(number).copied()
    }

    pub(crate) const fn frame(&self) -> Frame {
        Frame {
            function: self.function(),
            module: self.module,
            file: self.location.file(),
            line: self.location.line(),
        }
    }
}

/// `db`, `db.query`, `database.query`
const fn is_database(op: &str) -> bool {
    // Most ops are none, and this is evaluated for each annotated function by the compiler.
    if !matches!(op.as_bytes(), [b'd', ..]) {
        return false;
    }
    is_or_begins(op.as_bytes(), b"db") || is_or_begins(op.as_bytes(), b"database")
}

/// Whether this is the word alone, or the word and a dot.
const fn is_or_begins(op: &[u8], word: &[u8]) -> bool {
    match op.split_at_checked(word.len()) {
        Some((start, [] | [b'.', ..])) => {
            let mut at = 0;
            while at < word.len() && start[at] == word[at] {
                at += 1;
            }
            at == word.len()
        }
        _ => false,
    }
}

macro_rules! switches {
    ($($name:ident: $flag:ident;)*) => {
        /// What attributes switch on.
        impl Callsite {$(
            #[doc(hidden)]
            #[must_use]
            pub const fn $name(self) -> Self {
                let flags = self.flags | flag::$flag;
                Self { flags, ..self }
            }
        )*}
    };
}

switches! {
    root: ROOT;
    child_only: CHILD_ONLY;
    no_span: NO_SPAN;
    scoped: SCOPED;
    watchdog: WATCHDOG;
    capture: CAPTURE;
    panics: PANICS;
    is_main: MAIN;
}

#[doc(hidden)]
impl Callsite {
    /// Says what only some attributes say.
    #[must_use]
    pub const fn with(self, details: &'static Details) -> Self {
        let (flags, slow_ticks) = match details.slow {
            Some(_) => (self.flags | flag::SLOW, AtomicU64::new(0)),
            None => (self.flags, AtomicU64::new(u64::MAX)),
        };
        let flags = if details.ai.is_some() { flags | flag::AI } else { flags };
        let flags = if details.is_metered() { flags | flag::METERED } else { flags };
        let flags = if details.cron.is_some() { flags | flag::CRON } else { flags };
        Self { flags, slow_ticks, details, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ops_of_databases_are_known() {
        for (op, expected) in [
            ("db", true),
            ("db.query", true),
            ("database.query", true),
            ("dbx", false),
            ("d", false),
            ("databases.query", false),
            ("app.db", false),
        ] {
            assert_eq!(is_database(op), expected, "{op}");
        }
    }

    #[test]
    fn a_callsite_keeps_the_number_of_its_first_call() {
        static SITE: Callsite =
            Callsite::new("test", "site", "tests").root().with(&Details::new().slow(5, ""));
        let numbers: Vec<u32> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| SITE.number())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(numbers[0] != 0 && numbers.iter().all(|number| *number == numbers[0]));
        assert_eq!(Callsite::by_number(numbers[0]).unwrap().name(), "site");
        assert!(SITE.has(flag::SLOW) && SITE.has(flag::ROOT) && !SITE.has(flag::CAPTURE));
        assert!(SITE.location().file().ends_with("callsite.rs"));
    }
}
