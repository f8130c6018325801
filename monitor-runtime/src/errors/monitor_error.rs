use std::error::Error;

use super::ErrorClass;

/// An error that says how it is to be reported.
///
/// [`#[derive(MonitorError)]`](derive@crate::MonitorError) implements it, or a program does so by
/// hand. Wherever such an error is captured its class is found, without a word at the capture.
///
/// ```
/// use monitor_runtime::{ErrorClass, MonitorError};
///
/// #[derive(Debug)]
/// struct NotFound(u64);
///
/// impl std::fmt::Display for NotFound {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         write!(f, "no order {}", self.0)
///     }
/// }
///
/// impl std::error::Error for NotFound {}
///
/// impl MonitorError for NotFound {
///     fn monitor_class(&self) -> ErrorClass {
///         ErrorClass::new().with_expected(true).with_category("lookup")
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` doesn't say how it is to be reported",
    label = "this error is no `MonitorError`",
    note = "derive it: `#[derive(MonitorError)]`; or leave `transparent` out"
)]
pub trait MonitorError: Error {
    /// How this error is to be reported. Asked once, when the error is captured; a panic in it is
    /// caught.
    fn monitor_class(&self) -> ErrorClass;
}

impl<T: MonitorError> MonitorError for Box<T> {
    fn monitor_class(&self) -> ErrorClass {
        T::monitor_class(self)
    }
}

impl<T: MonitorError> MonitorError for std::sync::Arc<T> {
    fn monitor_class(&self) -> ErrorClass {
        T::monitor_class(self)
    }
}

impl<T: MonitorError + ?Sized> MonitorError for &T {
    fn monitor_class(&self) -> ErrorClass {
        T::monitor_class(self)
    }
}

/// What a `transparent` error's source says.
pub fn class_of<T: MonitorError + ?Sized>(source: &T) -> ErrorClass {
    source.monitor_class()
}
