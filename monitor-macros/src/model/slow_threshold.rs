use syn::Expr;

use crate::parse::Given;

/// The limit of a `#[slow_threshold]` without arguments.
const DEFAULT_MILLISECONDS: u64 = 1000;

/// `#[slow_threshold(..)]`
pub(crate) struct SlowThreshold {
    pub(crate) milliseconds: u64,
    /// Empty: the runtime's own message.
    pub(crate) message: String,
    /// The number of rows, from the value that the function returns.
    pub(crate) rows: Option<Expr>,
    pub(crate) watchdog: bool,
}

impl SlowThreshold {
    /// The limit of a query that says nothing else.
    pub(crate) fn with_rows(rows: Option<Expr>) -> Self {
        let milliseconds = DEFAULT_MILLISECONDS;
        Self { milliseconds, message: String::new(), rows, watchdog: false }
    }

    /// A limit of which nothing else is said.
    pub(crate) fn of(milliseconds: u64) -> Self {
        Self { milliseconds, ..Self::with_rows(None) }
    }

    pub(crate) fn read(given: &mut Given<'_>) -> Self {
        if !given.has("ms") && !given.is_empty() {
            given.missing("ms", "ms = 1000");
        }
        Self {
            milliseconds: given.positive_integer("ms", "ms = 1000").unwrap_or(DEFAULT_MILLISECONDS),
            message: given
                .string("message", r#"message = "Slow query detected""#)
                .map(|message| message.value())
                .unwrap_or_default(),
            rows: given.callable("rows", "rows = |rows| rows.len()"),
            watchdog: given.flag("watchdog").is_some(),
        }
    }
}
