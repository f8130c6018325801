//! What other crates log, as breadcrumbs.

#[cfg(feature = "tracing")]
mod layer;
#[cfg(feature = "log")]
mod logger;

#[cfg(feature = "tracing")]
pub use layer::BreadcrumbLayer;
#[cfg(feature = "log")]
pub use logger::BreadcrumbLogger;

use std::cell::Cell;

use crate::context;
use crate::record::Breadcrumb;

/// What this crate says of itself would tell of itself for ever.
const OURS: &str = "monitor";

thread_local! {
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// Adds what `make` makes, if it would be kept. A hook of the program may log, too: what it logs
/// while one is added is left out.
fn add(make: impl FnOnce() -> Breadcrumb) {
    // Without its thread-locals a thread has no scope either.
    if BUSY.try_with(Cell::get).unwrap_or(true) || context::scope::hub().is_none() {
        return;
    }
    BUSY.set(true);
    let _reset = Reset;
    context::add_breadcrumb(make());
}

/// Also when a hook, or what is logged, panics.
struct Reset;

impl Drop for Reset {
    fn drop(&mut self) {
        BUSY.set(false);
    }
}

/// The category of a breadcrumb: queries have one of their own, under which values are taken out.
fn category(target: &str) -> String {
    let name = if target.starts_with("sqlx::query") { "query" } else { target };
    name.to_owned()
}
