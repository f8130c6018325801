//! The one static of each annotated function: everything about it that never changes.

use std::panic::Location;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::append_only::AppendOnly;
use crate::record::{Frame, Level};

static CALLSITES: AppendOnly<&'static Callsite> = AppendOnly::new();

/// What is known of an annotated function when it is compiled.
///
/// The attributes make one `static` of it a function; programs only read it, from
/// [`Span::callsite`](crate::record::Span::callsite).
#[derive(Debug)]
pub struct Callsite {
    /// Its number among the callsites that ran, from 1; 0 until it runs.
    number: AtomicU32,
    pub(crate) flags: u32,
    /// `slow.millis` in ticks of the clock; 0 until that is known, the greatest number without a
    /// limit.
    pub(crate) slow_ticks: AtomicU64,
    pub(crate) op: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: Option<&'static str>,
    pub(crate) module: &'static str,
    pub(crate) location: &'static Location<'static>,
    pub(crate) fields: &'static [&'static str],
    pub(crate) min_duration_nanos: u64,
    pub(crate) slow: Slow,
    pub(crate) capture: Capture,
    pub(crate) ai: Option<Ai>,
}

/// The arguments of `#[slow_threshold]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slow {
    pub(crate) millis: u64,
    /// Empty: the default message.
    pub(crate) message: &'static str,
}

/// The arguments of `#[capture_errors]` that are literals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Capture {
    pub(crate) level: Level,
    pub(crate) kind: Option<&'static str>,
    pub(crate) details: &'static [(&'static str, &'static str)],
    pub(crate) tags: &'static [(&'static str, &'static str)],
    pub(crate) fingerprint: &'static [&'static str],
}

/// The arguments of `#[ai_call]` that are literals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ai {
    pub(crate) provider: &'static str,
    pub(crate) operation: &'static str,
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

    /// What the short way into a span can't do.
    pub(crate) const LONG_WAY_IN: u32 = ROOT | NO_SPAN | SCOPED | WATCHDOG;
}

impl Callsite {
    /// The callsite of the function where this is called.
    #[doc(hidden)]
    #[must_use]
    #[track_caller]
    pub const fn new(op: &'static str, name: &'static str, module: &'static str) -> Self {
        Self {
            number: AtomicU32::new(0),
            flags: 0,
            slow_ticks: AtomicU64::new(u64::MAX),
            op,
            name,
            description: None,
            module,
            location: Location::caller(),
            fields: &[],
            min_duration_nanos: 0,
            slow: Slow { millis: 0, message: "" },
            capture: Capture {
                level: Level::Error,
                kind: None,
                details: &[],
                tags: &[],
                fingerprint: &[],
            },
            ai: None,
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

    /// The path of the function's module.
    pub const fn module(&self) -> &'static str {
        self.module
    }

    /// The source file and line.
    pub const fn location(&self) -> &'static Location<'static> {
        self.location
    }

    pub(crate) const fn has(&self, flags: u32) -> bool {
        self.flags & flags != 0
    }

    /// Its number among all callsites; given at the first call.
    #[inline]
    pub(crate) fn number(&'static self) -> u32 {
        match self.number.load(Ordering::Relaxed) {
            0 => self.register(),
            number => number,
        }
    }

    /// Its number, or 0 before the first call.
    #[inline]
    pub(crate) fn known_number(&self) -> u32 {
        self.number.load(Ordering::Relaxed)
    }

    #[cold]
    #[inline(never)]
    fn register(&'static self) -> u32 {
        let mut known = 0;
        let pushed = CALLSITES.push_with(|number| {
            // Another thread may have been first: the list's lock decides.
            known = self.number.load(Ordering::Relaxed);
            (known == 0).then(|| {
                self.number.store(number, Ordering::Relaxed);
                self
            })
        });
        pushed.unwrap_or(known)
    }

    /// The callsite with this number.
    pub(crate) fn by_number(number: u32) -> Option<&'static Self> {
        CALLSITES.get(number).copied()
    }

    pub(crate) const fn frame(&self) -> Frame {
        Frame {
            function: self.name,
            module: self.module,
            file: self.location.file(),
            line: self.location.line(),
        }
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
}

/// What attributes say with literals.
#[doc(hidden)]
impl Callsite {
    #[must_use]
    pub const fn description(self, description: &'static str) -> Self {
        Self { description: Some(description), ..self }
    }

    #[must_use]
    pub const fn fields(self, fields: &'static [&'static str]) -> Self {
        Self { fields, ..self }
    }

    #[must_use]
    pub const fn min_duration(self, nanos: u64) -> Self {
        Self { min_duration_nanos: nanos, ..self }
    }

    #[must_use]
    pub const fn slow(self, millis: u64, message: &'static str) -> Self {
        let flags = self.flags | flag::SLOW;
        let slow_ticks = AtomicU64::new(0);
        Self { flags, slow_ticks, slow: Slow { millis, message }, ..self }
    }

    #[must_use]
    pub const fn level(self, level: Level) -> Self {
        let capture = Capture { level, ..self.capture };
        Self { capture, ..self }
    }

    #[must_use]
    pub const fn kind(
        self,
        kind: &'static str,
        details: &'static [(&'static str, &'static str)],
    ) -> Self {
        let capture = Capture { kind: Some(kind), details, ..self.capture };
        Self { capture, ..self }
    }

    #[must_use]
    pub const fn tags(self, tags: &'static [(&'static str, &'static str)]) -> Self {
        let capture = Capture { tags, ..self.capture };
        Self { capture, ..self }
    }

    #[must_use]
    pub const fn fingerprint(self, fingerprint: &'static [&'static str]) -> Self {
        let capture = Capture { fingerprint, ..self.capture };
        Self { capture, ..self }
    }

    #[must_use]
    pub const fn ai(self, provider: &'static str, operation: &'static str) -> Self {
        Self { ai: Some(Ai { provider, operation }), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callsite_keeps_the_number_of_its_first_call() {
        static SITE: Callsite = Callsite::new("test", "site", "tests").slow(5, "").root();
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
