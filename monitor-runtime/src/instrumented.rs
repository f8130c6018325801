use crate::callsite::Callsite;
use crate::collect;

/// An annotated function that has run.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Instrumented {
    /// Its op, name, module and place.
    pub callsite: &'static Callsite,
    /// Its spans that were recorded so far, in the whole process: not those of unsampled traces.
    pub spans: u64,
}

/// The annotated functions of the program that have run since monitoring began, in the order of their
/// first calls. Compared with the list of what is critical, it says what isn't instrumented.
///
/// A span is counted some 0.1 s after it ended, or by [`flush`](crate::flush).
///
/// ```
/// use monitor_runtime::{MockBackend, instrumented, traced};
///
/// #[traced(op = "payment")]
/// fn pay() {}
///
/// let mock = MockBackend::install();
/// pay();
/// pay();
/// assert_eq!(mock.spans().len(), 2);
///
/// let found = instrumented().find(|function| function.callsite.name() == "pay").unwrap();
/// assert_eq!((found.callsite.op(), found.spans), ("payment", 2));
/// ```
pub fn instrumented() -> impl Iterator<Item = Instrumented> {
    let counts = collect::span_counts();
    (1..=Callsite::count()).filter_map(move |number| {
        let spans = counts.get(number as usize).copied().unwrap_or_default();
        Some(Instrumented { callsite: Callsite::by_number(number)?, spans })
    })
}
