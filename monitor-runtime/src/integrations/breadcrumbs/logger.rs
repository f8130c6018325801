use std::fmt;

use log::{LevelFilter, Log, Metadata, Record};

use super::{OURS, add, category};
use crate::context::bounded;
use crate::record::{Breadcrumb, Level};

/// Bytes of a message; Sentry keeps about as many.
const MAX_MESSAGE: usize = 8192;

/// A logger that keeps what is logged as breadcrumbs of the current scope, and passes it on to
/// another logger.
///
/// So an error tells what the crates did before it that log, such as sqlx and hyper. Messages are
/// scrubbed like all else. The category is the record's target; that of a query of sqlx is
/// `query`.
///
/// ```
/// use log::LevelFilter;
/// use monitor_runtime::BreadcrumbLogger;
///
/// # struct Printer;
/// # impl log::Log for Printer {
/// #     fn enabled(&self, _: &log::Metadata<'_>) -> bool { true }
/// #     fn log(&self, _: &log::Record<'_>) {}
/// #     fn flush(&self) {}
/// # }
/// # let printer = Printer;
/// // `printer` is the program's logger, such as env_logger's.
/// let logger = BreadcrumbLogger::new(printer).with_level(LevelFilter::Debug);
/// log::set_boxed_logger(Box::new(logger)).unwrap();
/// log::set_max_level(LevelFilter::Debug);
/// ```
pub struct BreadcrumbLogger<L> {
    next: L,
    level: LevelFilter,
}

impl<L: Log> BreadcrumbLogger<L> {
    /// Passes everything on to this logger. Breadcrumbs are made from the level `Info` upwards.
    pub const fn new(next: L) -> Self {
        Self { next, level: LevelFilter::Info }
    }

    /// Sets from which level upwards there are breadcrumbs. The level of the `log` crate
    /// (`log::set_max_level`) applies before that.
    #[must_use]
    pub const fn with_level(mut self, level: LevelFilter) -> Self {
        self.level = level;
        self
    }

    fn is_kept(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= self.level && metadata.target() != OURS
    }
}

impl<L: Log> Log for BreadcrumbLogger<L> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.is_kept(metadata) || self.next.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if self.next.enabled(record.metadata()) {
            self.next.log(record);
        }
        if self.is_kept(record.metadata()) {
            add(|| {
                let message = bounded(record.args(), MAX_MESSAGE);
                Breadcrumb::new(category(record.target()), message)
                    .with_level(level(record.level()))
            });
        }
    }

    fn flush(&self) {
        self.next.flush();
    }
}

impl<L> fmt::Debug for BreadcrumbLogger<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BreadcrumbLogger").field("level", &self.level).finish_non_exhaustive()
    }
}

const fn level(level: log::Level) -> Level {
    match level {
        log::Level::Error => Level::Error,
        log::Level::Warn => Level::Warning,
        log::Level::Info => Level::Info,
        log::Level::Debug | log::Level::Trace => Level::Debug,
    }
}
