//! What a call costs: as the provider says, else by the program's table, else by the bundled one.

#[cfg(feature = "prices")]
mod catalog;
mod model_price;
mod table;

pub use self::model_price::ModelPrice;
pub use self::table::AiPrices;

#[cfg(feature = "prices")]
pub(crate) use self::catalog::warm;

use super::response::AiResponse;
use crate::record::Usage;

/// What a call costs, in USD; `None` where nothing says it.
pub(crate) fn cost(
    prices: &AiPrices,
    provider: &str,
    request_model: Option<&str>,
    response: &AiResponse,
    usage: Option<&Usage>,
) -> Option<f64> {
    if response.cost.is_some() {
        return response.cost;
    }
    let usage = usage?;
    // Sentry, too, asks for the model of the request first.
    let models = || [request_model, response.model.as_deref()].into_iter().flatten();
    let own = models().find_map(|model| prices.of(model));
    if let Some(price) = own {
        return Some(price.cost(usage));
    }
    #[cfg(feature = "prices")]
    return models().find_map(|model| catalog::cost(provider, model, usage));
    #[cfg(not(feature = "prices"))]
    {
        let _ = provider;
        None
    }
}
