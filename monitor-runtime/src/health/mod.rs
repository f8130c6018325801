//! Health checks: registered, run at once, each with a timeout, and reported as one event.

mod check;
mod events;
mod json;
mod on_thread;
mod outcome;
mod registry;
mod report;
mod run;
mod timer;

pub use check::HealthCheck;
pub use outcome::HealthOutcome;
pub use registry::HealthRegistry;
pub use report::{CheckReport, CheckStatus, HealthReport};
