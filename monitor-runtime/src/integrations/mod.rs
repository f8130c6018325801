//! Other crates, each behind its feature.

#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "tower")]
pub use tower::{MonitorLayer, MonitorService};
