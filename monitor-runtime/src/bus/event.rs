use crate::record::Attributes;

/// An event of a program's own bus, as an [`EventObserver`](crate::EventObserver) sees it.
///
/// ```
/// use monitor_runtime::{BusEvent, record::Attributes};
///
/// struct Completed {
///     model: &'static str,
/// }
///
/// impl BusEvent for Completed {
///     fn event_type(&self) -> &str {
///         "ai.completed"
///     }
///
///     fn data(&self) -> Attributes {
///         vec![("model".into(), self.model.into())]
///     }
/// }
/// ```
pub trait BusEvent {
    /// What it is: `order.created`, `payment.error`, `ai.completed`.
    fn event_type(&self) -> &str;

    /// What may be recorded of it. Default: nothing.
    fn data(&self) -> Attributes {
        Attributes::new()
    }
}

/// A type and nothing else.
impl BusEvent for str {
    fn event_type(&self) -> &str {
        self
    }
}

impl BusEvent for String {
    fn event_type(&self) -> &str {
        self
    }
}

impl<E: BusEvent + ?Sized> BusEvent for &E {
    fn event_type(&self) -> &str {
        (**self).event_type()
    }

    fn data(&self) -> Attributes {
        (**self).data()
    }
}
