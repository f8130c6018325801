//! By which names the facts of AI calls go, and in which types.
//!
//! They are recorded by Sentry's names. Where another dialect is asked for they are renamed once a
//! trace is complete, on the collector.

mod dialect;
mod table;

pub use self::dialect::AiDialect;
#[cfg(feature = "sentry")]
pub(crate) use self::table::KEYS;

/// A key of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key {
    /// Sentry's, by which it is recorded.
    pub(crate) name: &'static str,
    kind: Kind,
    /// OpenTelemetry's, if it has it.
    otel: Option<&'static str>,
    /// Sentry's older one.
    #[cfg_attr(not(feature = "sentry"), expect(dead_code, reason = "only Sentry reads it"))]
    pub(crate) older: Option<&'static str>,
}

/// What stands under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    Float,
    Truth,
    /// A list of texts; JSON in a text to Sentry.
    Texts,
    /// A whole number; a text to Sentry.
    WholeInText,
}

#[cfg(all(test, feature = "sentry"))]
mod tests;
