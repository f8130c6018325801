use std::fmt::Debug;

use tracing_core::field::{Field, Visit};
use tracing_core::{Event, LevelFilter, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use super::{OURS, add, category};
use crate::context::bounded;
use crate::record::{Breadcrumb, Level, Value};

/// Bytes of a message; Sentry keeps about as many.
const MAX_MESSAGE: usize = 8192;
/// Bytes of another field.
const MAX_FIELD: usize = 1024;

/// A layer for `tracing` that keeps events as breadcrumbs of the current scope, with their fields.
///
/// So an error tells what the crates did before it that trace, such as sqlx and hyper. Messages and
/// fields are scrubbed like all else. The category is the event's target; that of a query of sqlx
/// is `query`. Spans of `tracing` are not looked at.
///
/// ```
/// use monitor_runtime::BreadcrumbLayer;
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let subscriber = tracing_subscriber::registry().with(BreadcrumbLayer::new());
/// # drop(subscriber);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct BreadcrumbLayer {
    level: LevelFilter,
}

impl Default for BreadcrumbLayer {
    fn default() -> Self {
        Self::new()
    }
}

impl BreadcrumbLayer {
    /// Breadcrumbs from the level `INFO` upwards.
    pub const fn new() -> Self {
        Self { level: LevelFilter::INFO }
    }

    /// Sets from which level upwards there are breadcrumbs. Other filters of the subscriber apply
    /// before that.
    #[must_use]
    pub const fn with_level(mut self, level: LevelFilter) -> Self {
        self.level = level;
        self
    }

    fn is_kept(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= self.level && metadata.target() != OURS
    }
}

impl<S: Subscriber> Layer<S> for BreadcrumbLayer {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        if self.is_kept(metadata) {
            add(|| {
                let breadcrumb = Breadcrumb::new(category(metadata.target()), "");
                let mut found = Fields(breadcrumb.with_level(level(*metadata.level())));
                event.record(&mut found);
                found.breadcrumb()
            });
        }
    }
}

/// The breadcrumb that the fields are written into.
struct Fields(Breadcrumb);

impl Fields {
    /// Queries of sqlx have a field `summary` in place of a message.
    fn breadcrumb(self) -> Breadcrumb {
        let mut breadcrumb = self.0;
        let summary = breadcrumb.data.iter().position(|(key, _)| key == "summary");
        if let Some(at) = summary.filter(|_| breadcrumb.message.is_empty())
            && let (_, Value::Text(text)) = breadcrumb.data.remove(at)
        {
            breadcrumb.message = text;
        }
        breadcrumb
    }

    fn set(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.data.push((field.name().into(), value.into()));
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "message" {
            self.0.message = bounded(&format_args!("{value:?}"), MAX_MESSAGE).into();
        } else {
            self.set(field, bounded(&format_args!("{value:?}"), MAX_FIELD));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.0.message = bounded(&value, MAX_MESSAGE).into();
        } else {
            self.set(field, bounded(&value, MAX_FIELD));
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field, value);
    }
}

fn level(level: tracing_core::Level) -> Level {
    match level {
        tracing_core::Level::ERROR => Level::Error,
        tracing_core::Level::WARN => Level::Warning,
        tracing_core::Level::INFO => Level::Info,
        _ => Level::Debug,
    }
}
