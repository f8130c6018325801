//! Closures of the program that see records on their way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use crate::context::local;
use crate::record::{Breadcrumb, Event, Span, Transaction};

/// Takes a record and gives it back, changed or not, or drops it.
pub(crate) type Hook<T> = Box<dyn Fn(T) -> Option<T> + Send + Sync>;

/// The hooks of a hub.
#[derive(Default)]
pub(crate) struct Hooks {
    pub(super) before_send: Option<Hook<Event>>,
    pub(super) before_send_transaction: Option<Hook<Transaction>>,
    pub(super) before_send_span: Option<Hook<Span>>,
    pub(super) before_breadcrumb: Option<Hook<Breadcrumb>>,
}

impl Hooks {
    /// Whether one may change a transaction.
    pub(super) const fn sees_transactions(&self) -> bool {
        self.before_send_transaction.is_some() || self.before_send_span.is_some()
    }
}

/// Passes a record through a hook. One that panics drops it: it may have been about to remove
/// something that must not leave.
pub(super) fn pass<T>(hook: Option<&Hook<T>>, record: T) -> Option<T> {
    let Some(hook) = hook else { return Some(record) };
    let kept = guarded(|| hook(record));
    if kept.is_none() {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            crate::diagnostics::warn(
                "a hook panicked: the record that it had is dropped, as those of later panics are",
            );
        });
    }
    kept.flatten()
}

/// Runs code of the program: nothing that it does is recorded, and `None` if it panics.
pub(super) fn guarded<T>(f: impl FnOnce() -> T) -> Option<T> {
    local::unobserved(|| catch_unwind(AssertUnwindSafe(f)).ok())
}
