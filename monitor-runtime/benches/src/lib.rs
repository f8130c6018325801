//! What all contestants share: the work, the clocks, the counting allocator, the measuring.

pub mod alloc;
pub mod case;
pub mod cpu;
pub mod measure;
pub mod work;

pub use case::{Case, Contestant};
pub use measure::run;
