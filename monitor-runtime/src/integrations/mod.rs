//! Other crates, each behind its feature.

#[cfg(any(feature = "log", feature = "tracing"))]
mod breadcrumbs;
#[cfg(feature = "tower")]
mod tower;

#[cfg(feature = "tracing")]
pub use breadcrumbs::BreadcrumbLayer;
#[cfg(feature = "log")]
pub use breadcrumbs::BreadcrumbLogger;
#[cfg(feature = "tower")]
pub use tower::{MonitorLayer, MonitorService};
