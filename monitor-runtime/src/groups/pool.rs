//! The context `database`: how a pool of connections is doing.

use super::provider::{ContextGroups, ContextProvider};
use super::trace_counters;
use crate::record::{Attributes, Text};

/// A pool of connections to a database, as it is at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolStats {
    /// Connections that are open.
    pub size: u64,
    /// Those of them that are in use.
    pub active: u64,
    /// Queries so far, if the pool counts them.
    pub query_count: Option<u64>,
}

impl PoolStats {
    /// So many open connections, of which so many are in use.
    pub const fn new(size: u64, active: u64) -> Self {
        Self { size, active, query_count: None }
    }

    /// So many open connections, of which so many are idle.
    pub const fn with_idle(size: u64, idle: u64) -> Self {
        Self::new(size, size.saturating_sub(idle))
    }

    /// Sets how many queries there were so far. Default: the calls of annotated functions whose op is
    /// that of a database, in the whole process; some of each thread's last trace may be missing.
    #[must_use]
    pub const fn with_query_count(mut self, queries: u64) -> Self {
        self.query_count = Some(queries);
        self
    }
}

/// A pool of connections that says how it is doing. Closures are pools.
pub trait PoolStatus: Send + Sync + 'static {
    /// How it is doing now. Asked when an error is captured, on the thread of the error.
    fn stats(&self) -> PoolStats;
}

impl<F: Fn() -> PoolStats + Send + Sync + 'static> PoolStatus for F {
    fn stats(&self) -> PoolStats {
        self()
    }
}

/// Puts a pool's state on each error, as the context `database` with `connection_pool_size`,
/// `active_connections` and `query_count`.
///
/// ```
/// use monitor_runtime::{Config, PoolContext, PoolStats};
///
/// # mod sqlx {
/// #     #[derive(Clone)]
/// #     pub struct PgPool;
/// #     impl PgPool {
/// #         pub fn size(&self) -> u32 { 10 }
/// #         pub fn num_idle(&self) -> usize { 3 }
/// #     }
/// # }
/// # let pool = sqlx::PgPool;
/// // With sqlx:
/// let of_pool = pool.clone();
/// let config = Config::new().with_context_provider(PoolContext::new(move || {
///     PoolStats::with_idle(of_pool.size().into(), of_pool.num_idle() as u64)
/// }));
/// ```
#[derive(Clone, Debug)]
pub struct PoolContext<P> {
    pool: P,
    name: Text,
}

impl<P: PoolStatus> PoolContext<P> {
    /// The context `database`.
    pub const fn new(pool: P) -> Self {
        Self { pool, name: Text::Borrowed("database") }
    }

    /// Sets the context's name, for a program with several pools. Default: `database`.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<Text>) -> Self {
        self.name = name.into();
        self
    }
}

impl<P: PoolStatus> ContextProvider for PoolContext<P> {
    fn provide(&self, groups: &mut ContextGroups) {
        let PoolStats { size, active, query_count } = self.pool.stats();
        let queries = query_count.unwrap_or_else(trace_counters::all_queries);
        let values: Attributes = vec![
            ("connection_pool_size".into(), size.into()),
            ("active_connections".into(), active.into()),
            ("query_count".into(), queries.into()),
        ];
        groups.set(self.name.clone(), values);
    }
}
