//! Which traces are recorded.
//!
//! A trace is decided once, by its root: before anything of it is recorded. In this order, as in
//! Sentry's other SDKs:
//!
//! 1. the program's function, [`Config::with_traces_sampler`](crate::Config::with_traces_sampler);
//! 2. the decision of the service that called, if the trace is continued;
//! 3. the table, [`Config::with_sampler`](crate::Config::with_sampler);
//! 4. the rate of the config.

mod decision;
mod sampler;
mod sampling_context;
mod tail;

pub(crate) use decision::{Decision, decide};
pub use sampler::Sampler;
pub use sampling_context::SamplingContext;
pub use tail::TailSampling;

pub(crate) use sampler::Strategy;
