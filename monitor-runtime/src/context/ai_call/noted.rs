use crate::callsite::{Ai, Callsite};

/// An AI call of which no more is known than that it began.
///
/// Of most calls nobody asks for more while they run: these are words on the thread, and never lie in
/// its scope. Whoever looks at the scope finds the call there.
#[derive(Clone, Copy)]
pub(crate) struct Noted {
    pub(crate) site: &'static Callsite,
    pub(crate) ai: Ai,
    /// In ticks.
    pub(crate) start: u64,
    /// Whether the thread's scope holds anything else.
    pub(crate) has_scope: bool,
}
