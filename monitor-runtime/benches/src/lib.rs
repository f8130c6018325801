//! What all contestants share: the work, the clocks, the counting allocator, the measuring.

pub mod alloc;
pub mod case;
pub mod cpu;
#[cfg(any(feature = "ours", feature = "sentry", feature = "sentry_tracing"))]
pub mod dropping;
pub mod measure;
pub mod work;
pub mod workers;

pub use case::{Case, Contestant, Run};
pub use measure::run;
