//! AI calls: the way from a response to its usage, what it costs, and how much may be spent.

mod budget;
#[cfg(all(test, feature = "serde"))]
mod cost;
pub(crate) mod fields;
mod hint;
mod keys;
mod ladder;
mod metrics;
mod note;
mod parts;
mod price;
#[cfg(feature = "serde")]
mod probe;
#[cfg(feature = "serde")]
mod raw_usage;
mod request;
mod response;
mod settings;
mod settle;
#[cfg(feature = "serde")]
mod stop;
mod write;

pub use self::budget::{
    AiBudget, BudgetExceeded, BudgetKey, BudgetLimit, BudgetStatus, Denied, denied,
};
pub use self::keys::AiDialect;
pub use self::ladder::ai_response;
pub use self::price::{AiPrices, ModelPrice};
pub use self::request::{AiRequest, ai_request};
pub use self::response::AiResponse;

pub(crate) use self::hint::no_usage;
#[cfg(feature = "sentry")]
pub(crate) use self::keys::KEYS;
#[cfg(feature = "stream")]
pub(crate) use self::metrics::stream_is_overdue;
pub(crate) use self::note::Notes;
#[cfg(feature = "prices")]
pub(crate) use self::price::warm as warm_prices;
pub(crate) use self::response::Source;
pub(crate) use self::settings::AiSettings;
pub(crate) use self::settle::{AiEnded, over_budget, settle};
pub(crate) use self::write::{usage_attributes, write, write_cost};
