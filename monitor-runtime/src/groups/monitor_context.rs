use crate::context::scope;
use crate::context::seen::FieldValue;
use crate::record::Attributes;
use crate::settings::DEFAULT_MAX_VALUE_LENGTH;

/// A type that events of errors can say something of: a guild, a channel, a tenant.
///
/// [`#[derive(MonitorContext)]`](derive@crate::MonitorContext) implements it from the fields.
///
/// ```
/// use monitor_runtime::{MonitorContext, record::Attributes};
///
/// struct Guild {
///     id: u64,
/// }
///
/// impl MonitorContext for Guild {
///     const NAME: &'static str = "guild";
///
///     fn monitor_values(&self) -> Attributes {
///         vec![("id".into(), self.id.into())]
///     }
/// }
/// ```
pub trait MonitorContext {
    /// The name of the context that the values make up.
    const NAME: &'static str;

    /// The values.
    fn monitor_values(&self) -> Attributes;
}

impl<T: MonitorContext + ?Sized> MonitorContext for &T {
    const NAME: &'static str = T::NAME;

    fn monitor_values(&self) -> Attributes {
        T::monitor_values(self)
    }
}

/// Sets a context of the current scope from a value that says its name and its values.
///
/// Nothing is read where nothing is recorded.
///
/// ```
/// use monitor_runtime::MonitorContext;
///
/// #[derive(MonitorContext)]
/// struct Guild {
///     id: u64,
///     name: String,
/// }
///
/// monitor_runtime::set_monitor_context(&Guild { id: 7, name: "lounge".into() });
/// ```
pub fn set_monitor_context<T: MonitorContext>(value: &T) {
    if scope::hub().is_some() {
        let values = value.monitor_values();
        scope::update_by_hand(|scope| scope.set_context(T::NAME, values));
    }
}

/// What the derive makes of the fields.
pub fn values(fields: &[(&'static str, FieldValue<'_>)]) -> Attributes {
    let value = |field: &FieldValue<'_>| field.to_value(DEFAULT_MAX_VALUE_LENGTH);
    fields.iter().map(|(name, field)| ((*name).into(), value(field))).collect()
}
