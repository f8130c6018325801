use std::panic::{AssertUnwindSafe, catch_unwind};

use super::event::BusEvent;
use crate::context::{add_breadcrumb, cut, scope, send_message};
use crate::record::{Attributes, Breadcrumb, Level, Text};

/// Looks at the events of a program's bus.
///
/// It runs where the bus calls it, so it should be quick. [`BusMonitor`] is the one that monitors.
pub trait EventObserver: Send + Sync + 'static {
    /// Sees one event.
    fn observe(&self, event: &dyn BusEvent);

    /// The observer as a closure, for a bus that calls one.
    ///
    /// ```
    /// use monitor_runtime::{BusMonitor, EventObserver};
    ///
    /// let subscriber = BusMonitor::new().into_callback::<String>();
    /// subscriber(&"ai.completed".to_owned());
    /// ```
    fn into_callback<E: BusEvent>(self) -> impl Fn(&E) + Send + Sync + 'static
    where
        Self: Sized,
    {
        move |event: &E| self.observe(event)
    }
}

/// Monitors a bus: an event whose type contains `error` becomes a message at level error, and one
/// whose type begins with `ai.` or `db.` a breadcrumb of category `event`.
///
/// The message is the event's type, in small or large letters; its context `event` has the type and
/// what [`BusEvent::data`] says, and so has the breadcrumb. What is both becomes both. A `BusEvent` that
/// panics is passed over.
#[derive(Clone, Debug)]
pub struct BusMonitor {
    prefixes: Vec<Text>,
}

impl Default for BusMonitor {
    fn default() -> Self {
        Self { prefixes: vec!["ai.".into(), "db.".into()] }
    }
}

impl BusMonitor {
    /// The rules above.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also leaves a breadcrumb for types that begin like this: `payment.`.
    #[must_use]
    pub fn with_breadcrumbs(mut self, prefix: impl Into<Text>) -> Self {
        self.prefixes.push(prefix.into());
        self
    }

    fn leaves_breadcrumb(&self, event_type: &str) -> bool {
        self.prefixes.iter().any(|prefix| event_type.starts_with(prefix.as_ref()))
    }

    fn look_at(&self, event: &dyn BusEvent) {
        let Some(hub) = scope::hub() else { return };
        let event_type = cut(event.event_type(), hub.settings().max_value_length).to_owned();
        let is_error = is_error(&event_type);
        let is_crumb = self.leaves_breadcrumb(&event_type);
        if !is_error && !is_crumb {
            return;
        }
        let data = event.data();
        if is_error {
            let mut context: Attributes = vec![("type".into(), event_type.clone().into())];
            context.extend(data.clone());
            send_message("event_bus", Level::Error, event_type.clone(), ("event", context));
        }
        // Behind the message, which needn't repeat itself.
        if is_crumb {
            let level = if is_error { Level::Error } else { Level::Info };
            let mut breadcrumb = Breadcrumb::new("event", event_type).with_level(level);
            breadcrumb.data = data;
            add_breadcrumb(breadcrumb);
        }
    }
}

impl EventObserver for BusMonitor {
    fn observe(&self, event: &dyn BusEvent) {
        let _ = catch_unwind(AssertUnwindSafe(|| self.look_at(event)));
    }
}

/// A callback for a bus that takes plain functions: [`BusMonitor`] with its own rules.
///
/// ```
/// # struct Bus;
/// # impl Bus { fn subscribe(&self, _: impl Fn(&String)) {} }
/// # let bus = Bus;
/// bus.subscribe(monitor_runtime::observe_event);
/// ```
pub fn observe_event<E: BusEvent>(event: &E) {
    BusMonitor::default().observe(event);
}

/// `error` in small or large letters.
fn is_error(event_type: &str) -> bool {
    event_type.as_bytes().windows(5).any(|word| word.eq_ignore_ascii_case(b"error"))
}
