/// How an event came about: Sentry's `mechanism`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Mechanism {
    /// What captured it: `capture_errors`, `ai_call`, `capture_error`, `panic`, `main`, `baselines`.
    pub kind: &'static str,
    /// Whether the program went on: false for a panic, and for an
    /// error that `main` returns.
    pub handled: bool,
}

impl Mechanism {
    /// The program went on.
    pub(crate) const fn handled(kind: &'static str) -> Self {
        Self { kind, handled: true }
    }

    /// `main` returned it.
    pub(crate) const MAIN: Self = Self { kind: "main", handled: false };

    /// The program did not.
    pub(crate) const PANIC: Self = Self { kind: "panic", handled: false };
}
