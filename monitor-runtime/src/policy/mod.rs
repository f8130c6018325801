//! What is reported, and what becomes of it before a backend sees it.

mod address;
pub(crate) mod baseline;
mod consent;
#[cfg(test)]
mod cost;
mod filter;
pub mod filters;
pub mod fingerprint;
mod hash;
mod hooks;
mod identity;
pub(crate) mod limit;
mod pipeline;
mod related;
mod rules;
mod scrub;
pub(crate) mod slow;
pub(crate) mod statement;
mod tags;

pub use baseline::{
    Anomaly, Baselines, CallsiteSelector, Latency, PerformanceTier, latencies, latency,
    recent_latency,
};
pub use filter::Filter;
#[cfg(feature = "alerts")]
pub(crate) use identity::of as identity_of;
pub(crate) use pipeline::Pipeline;
pub use related::Pattern;
pub(crate) use rules::Rules;
pub use scrub::Scrubber;
pub(crate) use scrub::scrubbed;
