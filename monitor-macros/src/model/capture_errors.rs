use syn::{Expr, LitStr};

use super::level::Level;
use super::{Context, ErrorKind, Recorded};
use crate::parse::{Given, as_string, unwrapped};

/// `#[capture_errors(..)]`
#[derive(Default)]
pub(crate) struct CaptureErrors {
    pub(crate) kind: Option<ErrorKind>,
    /// Says of an `Err` that it isn't worth an event.
    pub(crate) skip_if: Option<Expr>,
    pub(crate) level: Option<Level>,
    pub(crate) fingerprint: Vec<LitStr>,
    pub(crate) tags: Vec<Recorded>,
    pub(crate) contexts: Vec<Context>,
    pub(crate) panics: bool,
}

impl CaptureErrors {
    pub(crate) fn read(given: &mut Given<'_>) -> Self {
        Self {
            kind: ErrorKind::read(given),
            skip_if: given.callable("skip_if", "skip_if = |error| error.is_expected()"),
            level: Level::read(given),
            fingerprint: fingerprint(given, r#"fingerprint = ["payment", "declined"]"#),
            tags: Recorded::take_all(given, "tags", r#"tags(feature = "billing")"#),
            contexts: Context::take_all(given),
            panics: given.flag("panics").is_some(),
        }
    }

    /// The tags known when the function is compiled.
    pub(crate) fn literal_tags(&self) -> impl Iterator<Item = (&LitStr, LitStr)> {
        self.tags.iter().filter_map(|tag| Some((&tag.key, tag.literal()?)))
    }

    /// The tags that each call makes.
    pub(crate) fn dynamic_tags(&self) -> impl Iterator<Item = &Recorded> {
        self.tags.iter().filter(|tag| tag.literal().is_none())
    }

    /// Whether anything is made at each call.
    pub(crate) fn is_scoped(&self) -> bool {
        !self.contexts.is_empty()
            || self.dynamic_tags().next().is_some()
            || self.kind.as_ref().is_some_and(|kind| kind.dynamic().next().is_some())
    }
}

/// The parts by which events are grouped.
pub(crate) fn fingerprint(given: &mut Given<'_>, example: &str) -> Vec<LitStr> {
    let Some(value) = given.expression("fingerprint", example) else {
        return Vec::new();
    };
    let parts: Option<Vec<LitStr>> = match unwrapped(&value) {
        Expr::Array(array) => array.elems.iter().map(as_string).collect(),
        single => as_string(single).map(|part| vec![part]),
    };
    match parts {
        Some(parts) if !parts.is_empty() => parts,
        _ => {
            given.wrong_value(&value, "a string or a list of strings", example).unwrap_or_default()
        }
    }
}
