use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use super::MonitorContext;
use super::performance::Performance;
use crate::append_only::AppendOnly;
use crate::context::cut;
use crate::context::local::{self, Local};
use crate::hub::Hub;
use crate::record::{Attributes, Event, Text, Value};

/// Contexts that the providers may add to one event.
const MAX_GROUPS: usize = 32;
/// Values of one of them.
const MAX_VALUES: usize = 64;
/// Providers of the process, beside those of the config.
const MAX_PROVIDERS: u32 = 64;

const PERFORMANCE: &str = "performance";

static REGISTERED: AppendOnly<Box<dyn ContextProvider>> = AppendOnly::new();

/// Says something of the surroundings when an error is captured, and only then.
///
/// It runs on the thread of the error, before the error is returned to its caller: keep it short.
/// Nothing of what it does is recorded, and when it panics only what it says is missing. Closures
/// are providers.
///
/// ```
/// use monitor_runtime::{Config, ContextGroups};
///
/// let config = Config::new().with_context_provider(|groups: &mut ContextGroups| {
///     groups.set("pool", [("size", 10), ("active", 7)]);
/// });
/// ```
pub trait ContextProvider: Send + Sync + 'static {
    /// Adds what is known.
    fn provide(&self, groups: &mut ContextGroups);
}

impl<F: Fn(&mut ContextGroups) + Send + Sync + 'static> ContextProvider for F {
    fn provide(&self, groups: &mut ContextGroups) {
        self(groups);
    }
}

/// Contexts that providers add to an event: 32 of 64 values each.
#[derive(Debug, Default)]
pub struct ContextGroups {
    groups: Vec<(Text, Attributes)>,
    max_text: usize,
}

impl ContextGroups {
    /// Sets a context; of the values of one that is there already, those of the same name are
    /// replaced.
    pub fn set<K: Into<Text>, V: Into<Value>>(
        &mut self,
        name: impl Into<Text>,
        values: impl IntoIterator<Item = (K, V)>,
    ) {
        let name = name.into();
        let values = values.into_iter().take(MAX_VALUES);
        let values = values.map(|(key, value)| (key.into(), self.fit(value.into())));
        let values: Attributes = values.collect();
        if let Some((_, known)) = self.groups.iter_mut().find(|(known, _)| *known == name) {
            merge(known, values);
        } else if self.groups.len() < MAX_GROUPS {
            self.groups.push((name, values));
        }
    }

    /// Sets a context from a value that says its name and its values.
    pub fn add<T: MonitorContext>(&mut self, value: &T) {
        self.set(T::NAME, value.monitor_values());
    }

    fn fit(&self, value: Value) -> Value {
        match value {
            Value::Text(text) if text.len() > self.max_text => cut(&text, self.max_text).into(),
            value => value,
        }
    }
}

/// The providers of a config.
#[derive(Clone, Default)]
pub(crate) struct Providers(Vec<Arc<dyn ContextProvider>>);

impl Providers {
    pub(crate) fn add(&mut self, provider: impl ContextProvider) {
        self.0.push(Arc::new(provider));
    }
}

impl fmt::Debug for Providers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} providers", self.0.len())
    }
}

/// Adds a provider for the whole process, for as long as it runs; 64 at most.
///
/// [`Config::with_context_provider`](crate::Config::with_context_provider) adds one for what that
/// config sets up.
pub fn register_context_provider(provider: impl ContextProvider) {
    let added = REGISTERED
        .push_with(|number| (number <= MAX_PROVIDERS).then(|| Box::new(provider) as Box<_>));
    if added.is_none() {
        crate::diagnostics::warn("more than 64 context providers: one is left out");
    }
}

/// What was known of the surroundings of an error at its moment.
pub(crate) struct Surroundings {
    performance: Performance,
    /// What providers say, behind a place for what they say of the performance, if there are any.
    provided: Option<Box<ContextGroups>>,
}

impl Surroundings {
    /// Asks the providers; `response_nanos` is how long the call took that failed.
    #[inline]
    pub(crate) fn now(local: &Local, hub: &Hub, response_nanos: Option<u64>) -> Self {
        let performance = Performance::now(local, hub, response_nanos);
        let has_any = !hub.settings().providers.0.is_empty() || REGISTERED.get(1).is_some();
        Self { performance, provided: has_any.then(|| Self::provided(hub)) }
    }

    #[cold]
    fn provided(hub: &Hub) -> Box<ContextGroups> {
        let of_config = &hub.settings().providers.0;
        let max_text = hub.settings().max_value_length;
        let mut groups = ContextGroups { groups: vec![(PERFORMANCE.into(), Vec::new())], max_text };
        let registered = (1..).map_while(|number| REGISTERED.get(number)).map(AsRef::as_ref);
        local::unobserved(|| {
            for provider in registered.chain(of_config.iter().map(AsRef::as_ref)) {
                groups.take_from(provider);
            }
        });
        Box::new(groups)
    }

    /// The performance, where providers said nothing.
    pub(crate) fn performance_alone(&self) -> Option<Performance> {
        self.provided.is_none().then_some(self.performance)
    }

    /// Puts it on the error's event.
    pub(crate) fn add_to(self, event: &mut Event) {
        let mut performance = self.performance.values();
        let mut provided = self.provided.into_iter().flat_map(|provided| provided.groups);
        if let Some((_, values)) = provided.next() {
            merge(&mut performance, values);
        }
        add(event, std::iter::once((PERFORMANCE.into(), performance)).chain(provided));
    }
}

impl ContextGroups {
    /// What a provider said before it panicked stays.
    fn take_from(&mut self, provider: &dyn ContextProvider) {
        let _panicked = catch_unwind(AssertUnwindSafe(|| provider.provide(self)));
    }
}

/// Puts what was collected on an event. What its scope says of a context goes first: that is about
/// this operation.
pub(crate) fn add(event: &mut Event, groups: impl IntoIterator<Item = (Text, Attributes)>) {
    for (name, mut values) in groups {
        if let Some(own) = event.context(&name) {
            merge(&mut values, own.clone());
        }
        event.contexts.push((name, values));
    }
}

/// Adds values; those of the same name are replaced.
pub(crate) fn merge(known: &mut Attributes, values: Attributes) {
    for (key, value) in values {
        if let Some((_, old)) = known.iter_mut().find(|(k, _)| *k == key) {
            *old = value;
        } else if known.len() < MAX_VALUES {
            known.push((key, value));
        }
    }
}
