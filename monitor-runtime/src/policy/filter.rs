use crate::record::{Event, Level, Text, Transaction};

/// A rule that drops what nobody needs to see, before any backend gets it.
///
/// All conditions of a rule must hold. A rule without a condition drops nothing. What rules drop is
/// counted in [`Loss`](crate::Loss).
///
/// ```
/// use monitor_runtime::{Config, Filter, Level, MockBackend, capture_message};
///
/// let config = Config::new()
///     .with_filter(Filter::message("rate limit"))
///     .with_filter(Filter::op("healthcheck"))
///     .with_filter(Filter::level(Level::Debug));
/// let mock = MockBackend::install_with(config);
///
/// capture_message("Rate limit exceeded", Level::Warning);
/// mock.assert_no_events();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    type_name: Option<Text>,
    /// In lower case.
    message: Option<String>,
    level: Option<Level>,
    op: Option<Text>,
}

/// Rules of one condition.
impl Filter {
    /// Drops errors of this type. See [`with_type`](Self::with_type).
    pub fn type_name(name: impl Into<Text>) -> Self {
        Self::default().with_type(name)
    }

    /// Drops events that say this. See [`with_message`](Self::with_message).
    pub fn message(text: impl AsRef<str>) -> Self {
        Self::default().with_message(text)
    }

    /// Drops events of this level and below. See [`with_level`](Self::with_level).
    pub fn level(level: Level) -> Self {
        Self::default().with_level(level)
    }

    /// Drops transactions, and events, of this op. See [`with_op`](Self::with_op).
    pub fn op(op: impl Into<Text>) -> Self {
        Self::default().with_op(op)
    }
}

/// Rules of several conditions.
impl Filter {
    /// Only errors of this type, or with one among their sources: the name alone, or with the last
    /// parts of its path, as in `BadArgument`, `commands::BadArgument` or `commands.BadArgument`.
    /// Generic arguments don't count.
    #[must_use]
    pub fn with_type(mut self, name: impl Into<Text>) -> Self {
        self.type_name = Some(name.into()).filter(|name| !name.is_empty());
        self
    }

    /// Only events whose message, or one of whose errors, contains this text; small and large
    /// letters are the same. An empty text is in none.
    #[must_use]
    pub fn with_message(mut self, text: impl AsRef<str>) -> Self {
        self.message = Some(text.as_ref().to_lowercase());
        self
    }

    /// Only events of this level or a lower one.
    #[must_use]
    pub fn with_level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Only events that happen in a span of this op, and transactions whose root has it.
    #[must_use]
    pub fn with_op(mut self, op: impl Into<Text>) -> Self {
        self.op = Some(op.into());
        self
    }

    pub(super) fn drops_event(&self, event: &Event) -> bool {
        *self != Self::default()
            && self.level.is_none_or(|level| event.level <= level)
            && self.op.as_ref().is_none_or(|op| event.op.as_ref() == Some(op))
            && self.type_name.as_ref().is_none_or(|name| has_type(event, name))
            && self.message.as_ref().is_none_or(|text| says(event, text))
    }

    /// A transaction has neither level nor type nor message: a rule that asks for one isn't for it.
    pub(super) fn drops_transaction(&self, transaction: &Transaction) -> bool {
        let others = self.type_name.is_some() || self.message.is_some() || self.level.is_some();
        let op = self.op.as_ref().filter(|_| !others);
        op.is_some_and(|op| transaction.spans.first().is_some_and(|root| root.op() == *op))
    }
}

fn has_type(event: &Event, wanted: &str) -> bool {
    event.exceptions.iter().any(|error| {
        let name = error.type_name.split('<').next().unwrap_or_default();
        let module = error.module.as_deref().unwrap_or_default();
        ends_with(module, name, wanted)
    })
}

/// Whether the path `module::name` ends with the parts of `wanted`.
fn ends_with(module: &str, name: &str, wanted: &str) -> bool {
    let mut path = parts(module).chain(parts(name)).rev();
    parts(wanted).rev().all(|part| path.next() == Some(part))
}

fn parts(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split(['.', ':']).filter(|part| !part.is_empty())
}

fn says(event: &Event, text: &str) -> bool {
    let values = event.exceptions.iter().map(|error| error.value.as_str());
    let mut texts = event.message.as_deref().into_iter().chain(values);
    !text.is_empty() && texts.any(|said| said.to_lowercase().contains(text))
}

#[cfg(test)]
mod tests {
    use super::ends_with;

    #[test]
    fn types_are_known_by_the_end_of_their_path() {
        assert!(ends_with("app::commands", "BadArgument", "BadArgument"));
        assert!(ends_with("app::commands", "BadArgument", "commands.BadArgument"));
        assert!(ends_with("app::commands", "BadArgument", "commands::BadArgument"));
        assert!(!ends_with("app::commands", "BadArgument", "other.BadArgument"));
        assert!(!ends_with("app::commands", "VeryBadArgument", "BadArgument"));
        assert!(!ends_with("", "BadArgument", "commands.BadArgument"));
    }
}
