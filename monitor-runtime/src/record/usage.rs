/// The tokens that one AI call used.
///
/// Counts are inclusive, as Sentry's and OpenTelemetry's `gen_ai.usage.*` are: cached tokens are
/// part of `input`, reasoning tokens are part of `output`. A count that the provider didn't report
/// is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Usage {
    /// Tokens sent, cached ones included.
    pub input: Option<u64>,
    /// Tokens received, reasoning included.
    pub output: Option<u64>,
    /// The part of `input` that was read from the provider's cache.
    pub cache_read: Option<u64>,
    /// The part of `input` that was written to the provider's cache.
    pub cache_creation: Option<u64>,
    /// The part of `output` that was reasoning.
    pub reasoning: Option<u64>,
}

impl Usage {
    /// Tokens sent and received.
    pub const fn new(input: u64, output: u64) -> Self {
        Self {
            input: Some(input),
            output: Some(output),
            cache_read: None,
            cache_creation: None,
            reasoning: None,
        }
    }

    /// The part of the sent tokens that was read from the provider's cache.
    #[must_use]
    pub const fn with_cache_read(mut self, tokens: u64) -> Self {
        self.cache_read = Some(tokens);
        self
    }

    /// The part of the sent tokens that was written to the provider's cache.
    #[must_use]
    pub const fn with_cache_creation(mut self, tokens: u64) -> Self {
        self.cache_creation = Some(tokens);
        self
    }

    /// The part of the received tokens that was reasoning.
    #[must_use]
    pub const fn with_reasoning(mut self, tokens: u64) -> Self {
        self.reasoning = Some(tokens);
        self
    }

    /// These counts, and those of `before` that are missing among them.
    pub(crate) fn over(self, before: &Self) -> Self {
        Self {
            input: self.input.or(before.input),
            output: self.output.or(before.output),
            cache_read: self.cache_read.or(before.cache_read),
            cache_creation: self.cache_creation.or(before.cache_creation),
            reasoning: self.reasoning.or(before.reasoning),
        }
    }

    /// Both together; a count that neither has is missing.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let sum = |one: Option<u64>, other: Option<u64>| match (one, other) {
            (Some(one), Some(other)) => Some(one.saturating_add(other)),
            (one, other) => one.or(other),
        };
        Self {
            input: sum(self.input, other.input),
            output: sum(self.output, other.output),
            cache_read: sum(self.cache_read, other.cache_read),
            cache_creation: sum(self.cache_creation, other.cache_creation),
            reasoning: sum(self.reasoning, other.reasoning),
        }
    }

    /// All tokens, sent and received, or `None` when neither was reported.
    pub fn total(&self) -> Option<u64> {
        match (self.input, self.output) {
            (None, None) => None,
            (input, output) => Some(input.unwrap_or(0).saturating_add(output.unwrap_or(0))),
        }
    }
}

impl From<(u64, u64)> for Usage {
    fn from((input, output): (u64, u64)) -> Self {
        Self::new(input, output)
    }
}
