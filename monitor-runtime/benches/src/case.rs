//! What a contestant is: its cases, and how it hands over what it recorded.

/// One kind of work.
pub struct Case {
    pub name: &'static str,
    /// Calls below each root.
    pub calls: u64,
    /// Does the work below so many roots.
    pub run: fn(roots: u64),
}

/// A library, or a way of using it.
pub struct Contestant {
    pub cases: &'static [Case],
    /// Brings everything recorded to its destination.
    pub flush: fn(),
    /// Spans that reached their destination so far.
    pub delivered: fn() -> u64,
}

/// The table of a contestant's cases; the names of its functions are the same for all.
#[macro_export]
macro_rules! cases {
    ($($name:literal: $calls:literal $run:expr;)*) => {
        &[$($crate::Case { name: $name, calls: $calls, run: $run }),*]
    };
}
