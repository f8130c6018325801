use crate::record::Usage;

/// What a model costs, in USD a million tokens.
///
/// Parts without a price of their own cost as much as the whole that they are part of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ModelPrice {
    input: f64,
    output: f64,
    cache_read: Option<f64>,
    cache_creation: Option<f64>,
    reasoning: Option<f64>,
}

impl ModelPrice {
    /// The prices of a million tokens sent and of a million tokens received, in USD. One that is no
    /// amount of money counts as 0.
    pub const fn per_million(input: f64, output: f64) -> Self {
        let (input, output) = (amount(input), amount(output));
        Self { input, output, cache_read: None, cache_creation: None, reasoning: None }
    }

    /// The price of a million tokens that the provider's cache read.
    #[must_use]
    pub const fn with_cache_read(mut self, usd: f64) -> Self {
        self.cache_read = Some(amount(usd));
        self
    }

    /// The price of a million tokens that the provider's cache wrote.
    #[must_use]
    pub const fn with_cache_creation(mut self, usd: f64) -> Self {
        self.cache_creation = Some(amount(usd));
        self
    }

    /// The price of a million tokens of reasoning.
    #[must_use]
    pub const fn with_reasoning(mut self, usd: f64) -> Self {
        self.reasoning = Some(amount(usd));
        self
    }

    /// What these tokens cost, in USD: each once, in the part that it belongs to.
    #[must_use]
    pub fn cost(&self, usage: &Usage) -> f64 {
        let [input, output, read, written, reasoning] =
            [usage.input, usage.output, usage.cache_read, usage.cache_creation, usage.reasoning]
                .map(|count| count.unwrap_or(0));
        let uncached = input.saturating_sub(read).saturating_sub(written);
        let parts = [
            (uncached, self.input),
            (read, self.cache_read.unwrap_or(self.input)),
            (written, self.cache_creation.unwrap_or(self.input)),
            (output.saturating_sub(reasoning), self.output),
            (reasoning, self.reasoning.unwrap_or(self.output)),
        ];
        #[expect(clippy::cast_precision_loss, reason = "exact for 10^15 tokens")]
        let sum: f64 = parts.iter().map(|(tokens, usd)| *tokens as f64 * usd).sum();
        sum / 1e6
    }
}

const fn amount(usd: f64) -> f64 {
    if usd.is_finite() && usd > 0.0 { usd } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_is_charged_once() {
        let price =
            ModelPrice::per_million(3.0, 15.0).with_cache_read(0.3).with_cache_creation(3.75);
        let usage = Usage::new(10_207, 120)
            .with_cache_read(200)
            .with_cache_creation(10_000)
            .with_reasoning(40);
        let expected = (7.0 * 3.0 + 200.0 * 0.3 + 10_000.0 * 3.75 + 120.0 * 15.0) / 1e6;
        assert!((price.cost(&usage) - expected).abs() < 1e-12);
        // No price is below 0, whatever the counts and the prices are.
        let parts_without_a_whole = Usage { cache_read: Some(u64::MAX), ..Usage::default() };
        assert!(price.cost(&parts_without_a_whole) >= 0.0);
        assert_eq!(ModelPrice::per_million(-1.0, f64::NAN).cost(&usage), 0.0);
    }
}
