//! What the events of errors say of their surroundings: groups of values from the scope, from the
//! program's providers, and from this crate.

mod active_roots;
mod command;
mod monitor_context;
mod performance;
mod pool;
mod provider;
mod system;
mod trace_counters;
mod user;

pub use command::{CommandContext, IntoCommandContext, set_command_context};
pub use monitor_context::{MonitorContext, set_monitor_context, values};
pub use performance::{cache_hit, cache_miss};
pub use pool::{PoolContext, PoolStats, PoolStatus};
pub use provider::{ContextGroups, ContextProvider, register_context_provider};
pub use user::{IntoUser, user};

pub(crate) use active_roots::ActiveRoots;
pub(crate) use command::set_running_command;
pub(crate) use performance::Performance;
pub(crate) use provider::{Providers, Surroundings, add, merge};
pub(crate) use system::{System, add as add_system, start};
pub(crate) use trace_counters::count_query;
