//! What the process takes of the machine.

mod process;
mod resource_monitor;
mod resource_usage;
mod stat;
#[cfg(feature = "sysinfo")]
mod sysinfo;
mod watcher;

pub use resource_monitor::ResourceMonitor;
pub use resource_usage::{ResourceReader, ResourceUsage};

pub(crate) use process::resident_bytes;
pub(crate) use watcher::watch;

/// Bytes of a MB, as `psutil`'s users and this crate's other numbers count it.
pub(crate) const MEGABYTE: u64 = 1024 * 1024;
