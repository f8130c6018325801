//! The current span and the current scope, for use by hand.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::current_trace;
use super::local;
use super::passing;
use super::recorder::{Recorder, record};
use super::scope::{self, Scope};
use super::seen::{FieldValue, Recordable};
use crate::collect::{Key, Plain};
use crate::record::{Breadcrumb, SpanId, Status, Text, TraceId, User, Value, measurement_keys};

/// The span that was current when [`current_span`] was called.
///
/// What is set through it is recorded if the span is sampled and still current; otherwise nothing
/// happens.
#[derive(Clone, Copy)]
pub struct SpanHandle {
    trace: u64,
    span: u64,
    /// Spans are current on one thread at a time.
    _not_send: PhantomData<*const ()>,
}

/// Bytes of a measurement's name.
const MAX_NAME: usize = 128;

/// The innermost span that is open here.
///
/// ```
/// # let rows = 3;
/// monitor_runtime::current_span().set("rows", rows);
/// ```
pub fn current_span() -> SpanHandle {
    local::with(|local| SpanHandle {
        trace: local.trace.get(),
        span: local.span.get(),
        _not_send: PhantomData,
    })
}

impl SpanHandle {
    /// Whether what is set here will be recorded.
    pub fn is_recorded(&self) -> bool {
        local::with(|local| {
            local.is_recorded() && local.span.get() == self.span && local.trace.get() == self.trace
        })
    }

    /// The trace's id, also where it isn't sampled; `None` outside of every span.
    pub fn trace_id(&self) -> Option<TraceId> {
        (self.trace != 0).then(|| current_trace::trace_id(self.trace))
    }

    /// The span's id; `None` outside of every span. Below an unsampled root it is the root's.
    pub fn span_id(&self) -> Option<SpanId> {
        SpanId::new(self.span)
    }

    /// Records a value: a number, a truth value or a text.
    pub fn set(&self, key: &str, value: impl Recordable) {
        self.record(|recorder| recorder.named(key, &value.to_field()));
    }

    /// Records a value by its `Display`.
    pub fn set_display(&self, key: &str, value: impl fmt::Display) {
        self.record(|recorder| recorder.named(key, &FieldValue::Display(&value)));
    }

    /// Records a value by its `Debug`.
    pub fn set_debug(&self, key: &str, value: impl fmt::Debug) {
        self.record(|recorder| recorder.named(key, &FieldValue::Debug(&value)));
    }

    /// Records a number that was measured, with its unit: one of those that [Sentry knows], such as
    /// `millisecond`, `byte` and `percent`, another word of up to 15 letters, or `""` for none.
    /// Setting it again replaces it. A number that isn't finite is left out.
    ///
    /// Sentry takes it as a measurement of the span, or of the transaction if this is its root, and
    /// keeps ten a transaction. Names are of letters, digits, `_` and `.`, 128 of them at most.
    ///
    /// ```
    /// # let waited = 12.5;
    /// monitor_runtime::current_span().set_measurement("queue.wait", waited, "millisecond");
    /// ```
    ///
    /// [Sentry knows]: https://develop.sentry.dev/sdk/data-model/event-payloads/transaction/
    pub fn set_measurement(&self, name: &str, value: f64, unit: &str) {
        if !value.is_finite() {
            return;
        }
        self.record(|recorder| {
            let [value_key, unit_key] = measurement_keys(super::text::cut(name, MAX_NAME));
            let unit = if unit.is_empty() { "none" } else { unit };
            recorder.named(&value_key, &FieldValue::Plain(Plain::F64(value)));
            recorder.named(&unit_key, &FieldValue::Plain(Plain::Text(unit)));
        });
    }

    /// Sets the status, in place of the one that the outcome gives.
    pub fn set_status(&self, status: Status) {
        let value = FieldValue::Plain(Plain::U64(status as u64));
        self.record(|recorder| recorder.set(Key::Status, &value));
    }

    /// Names the span. A root's name is the transaction's.
    pub fn set_name(&self, name: impl fmt::Display) {
        self.record(|recorder| recorder.name(name));
    }

    fn record(&self, f: impl FnOnce(&mut Recorder<'_>)) {
        if self.is_recorded() {
            record(f);
        }
    }
}

impl fmt::Debug for SpanHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpanHandle")
            .field("trace_id", &self.trace_id())
            .field("span_id", &self.span_id())
            .finish()
    }
}

/// Sets the user of the current scope; `None` clears it.
///
/// ```
/// use monitor_runtime::User;
///
/// monitor_runtime::set_user(User::new(42).with_username("ada"));
/// monitor_runtime::set_user(None);
/// ```
pub fn set_user(user: impl Into<Option<User>>) {
    let user = user.into();
    scope::update_by_hand(|scope| scope.set_user(user));
}

/// Sets a tag of the current scope, by which events can be searched.
pub fn set_tag(key: impl Into<Text>, value: impl fmt::Display) {
    let (key, value) = (key.into(), super::text::bounded(&value, MAX_TAG));
    scope::update_by_hand(|scope| scope.set_tag(key, value));
}

/// Bytes of a tag's value that are formatted. Sentry keeps 200 characters: that is cut, and counted,
/// with all that is recorded.
pub(crate) const MAX_TAG: usize = 1024;

/// Sets a context of the current scope: named values that events carry.
///
/// ```
/// use monitor_runtime::Value;
///
/// let amount = Value::from(100.0);
/// monitor_runtime::set_context("payment", [("amount", amount), ("currency", "USD".into())]);
/// ```
pub fn set_context<K: Into<Text>, V: Into<Value>>(
    name: impl Into<Text>,
    values: impl IntoIterator<Item = (K, V)>,
) {
    let values: Vec<(Text, Value)> =
        values.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    let name = name.into();
    scope::update_by_hand(|scope| scope.set_context(name, values));
}

/// Sets the id that links everything of one unit of work, in place of the trace id.
pub fn set_correlation_id(id: impl AsRef<str>) {
    let id = id.as_ref();
    scope::update_by_hand(|scope| scope.set_correlation_id(id));
}

/// The id that links everything of one unit of work: the one that was set, else the trace id;
/// `None` outside of every span when none was set.
pub fn correlation_id() -> Option<String> {
    let trace_id = current_span().trace_id();
    match (scope::current(), trace_id) {
        (Some(scope), Some(trace_id)) => Some(scope.correlation_id(trace_id)),
        (Some(scope), None) => scope.own_correlation_id().map(str::to_owned),
        (None, trace_id) => trace_id.map(|id| id.to_string()),
    }
}

/// Adds a breadcrumb to the current scope. Past the bound, 100 unless configured, the oldest go.
pub fn add_breadcrumb(breadcrumb: Breadcrumb) {
    let Some(hub) = scope::hub() else { return };
    let max = hub.settings().max_breadcrumbs;
    if let Some(breadcrumb) = hub.policy().breadcrumb(hub.losses(), breadcrumb) {
        passing::interrupt();
        scope::update_by_hand(|scope| scope.add_breadcrumb(breadcrumb, max));
    }
}

/// Adds a breadcrumb; its parts are evaluated only where one may be recorded.
///
/// ```
/// # let attempt = 2;
/// monitor_runtime::breadcrumb!("auth", "token refreshed");
/// monitor_runtime::breadcrumb!("auth", "retry {attempt}", attempt = attempt);
/// ```
#[macro_export]
macro_rules! breadcrumb {
    ($category:expr, $message:literal $(, $key:ident = $value:expr)* $(,)?) => {
        if $crate::__private::keeps_breadcrumbs() {
            $crate::add_breadcrumb(
                $crate::Breadcrumb::new($category, ::std::format!($message))
                    $(.with(::core::stringify!($key), $value))*,
            );
        }
    };
}

/// Gives the caller a scope of its own until the guard is dropped.
///
/// For sync code: across an `.await` use `#[traced(tags(..))]` or [`Context::wrap`](crate::Context::wrap).
///
/// ```
/// {
///     let _scope = monitor_runtime::push_scope();
///     monitor_runtime::set_tag("step", "import");
/// }
/// // The tag is gone.
/// ```
pub fn push_scope() -> ScopeGuard {
    local::with(|local| local.own_scopes.set(local.own_scopes.get().wrapping_add(1)));
    ScopeGuard { outside: scope::current(), _not_send: PhantomData }
}

/// The scope of before comes back when this is dropped.
#[must_use = "the scope ends when this is dropped"]
pub struct ScopeGuard {
    outside: Option<Arc<Scope>>,
    _not_send: PhantomData<*const ()>,
}

impl Drop for ScopeGuard {
    fn drop(&mut self) {
        local::with(|local| local.own_scopes.set(local.own_scopes.get().wrapping_sub(1)));
        drop(scope::swap(self.outside.take()));
    }
}

/// Runs `f` with a scope of its own.
pub fn with_scope<T>(f: impl FnOnce() -> T) -> T {
    let _scope = push_scope();
    f()
}
