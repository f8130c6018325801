use super::ModelPrice;

/// Prices that the program gives: they win over those of the feature `prices`.
///
/// ```
/// use monitor_runtime::{AiPrices, Config, ModelPrice};
///
/// let prices = AiPrices::new()
///     .with_model("gpt-4o", ModelPrice::per_million(2.5, 10.0).with_cache_read(1.25))
///     .with_model("my-own-*", ModelPrice::per_million(0.1, 0.1));
/// let config = Config::new().with_ai_prices(prices);
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct AiPrices {
    models: Vec<(String, ModelPrice)>,
}

impl AiPrices {
    /// No prices.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a model by its name, or all whose names begin with what stands before a `*` at the end.
    /// Upper and lower case are the same. The exact name wins, then the longest beginning, then
    /// what was added last.
    pub fn with_model(mut self, model: impl Into<String>, price: ModelPrice) -> Self {
        self.models.push((model.into().to_ascii_lowercase(), price));
        self
    }

    pub(super) fn of(&self, model: &str) -> Option<&ModelPrice> {
        let fits = |name: &str| match name.strip_suffix('*') {
            None => name.eq_ignore_ascii_case(model).then_some(usize::MAX),
            Some(start) => {
                let begins = model.get(..start.len())?.eq_ignore_ascii_case(start);
                begins.then_some(start.len())
            }
        };
        let fitting = self.models.iter().filter_map(|(name, price)| Some((fits(name)?, price)));
        fitting.max_by_key(|(length, _)| *length).map(|(_, price)| price)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_fits_best_is_taken() {
        let price = |usd| ModelPrice::per_million(usd, usd);
        let table = AiPrices::new()
            .with_model("gpt-*", price(1.0))
            .with_model("GPT-4o*", price(2.0))
            .with_model("gpt-4o", price(3.0))
            .with_model("gpt-4o", price(4.0));
        let found = |model| table.of(model).copied();
        assert_eq!(found("gpt-4o"), Some(price(4.0)));
        assert_eq!(found("gpt-4o-mini"), Some(price(2.0)));
        assert_eq!(found("gpt-3.5"), Some(price(1.0)));
        assert_eq!(found("gp"), None);
        assert_eq!(found("é"), None);
    }
}
