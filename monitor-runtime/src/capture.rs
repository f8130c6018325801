//! Errors captured by hand, with what is known of the operation that failed.
//!
//! The functions take any `Error`; what it says of itself is known for types that
//! [`register_error`](crate::register_error) was called for. [`capture!`](crate::capture!) takes any
//! error at all, and knows those that stand there under their own type, too.
//!
//! Where a function returns the error, `#[capture_errors(kind = ..)]` does the same. An error that is
//! captured here and then returned isn't captured again.
//!
//! ```
//! use monitor_runtime::capture;
//!
//! # let error = std::fmt::Error;
//! capture::database(&error, "insert", "orders").query("INSERT INTO orders VALUES (?)").send();
//! capture::api(&error, "/v1/charges", 502).body("bad gateway").send();
//! capture::module(&error, "moderation").command("ban").with("guild_id", 7).send();
//! ```

use std::error::Error;

use crate::context::{cut, scope, send_captured};
use crate::record::{Attributes, ErrorView, EventId, Failure, Level, Text, Value};

/// Bytes of a detail: what surely holds the 500 characters of a statement that are kept.
const MAX_DETAIL: usize = 2000;

/// An error that is about to be captured: nothing happens before [`send`](Self::send).
#[must_use = "nothing is captured before `send`"]
pub struct ErrorCapture<'a> {
    pub(crate) failure: Failure<'a>,
    pub(crate) kind: Option<&'static str>,
    pub(crate) details: Attributes,
    pub(crate) additional: Attributes,
    pub(crate) level: Option<Level>,
}

/// A call to a database that failed: the context `database`, and the tags `db.operation` and
/// `db.table`.
pub fn database<'a>(
    error: &'a (dyn Error + 'static),
    operation: impl AsRef<str>,
    table: impl AsRef<str>,
) -> ErrorCapture<'a> {
    ErrorCapture::of(error, "database").detail("operation", operation).detail("table", table)
}

/// A call to another service that failed: the context `api`, and the tags `api.endpoint` and
/// `api.status`.
pub fn api<'a>(
    error: &'a (dyn Error + 'static),
    endpoint: impl AsRef<str>,
    status: u16,
) -> ErrorCapture<'a> {
    let mut capture = ErrorCapture::of(error, "api").detail("endpoint", endpoint);
    capture.details.push(("status".into(), status.into()));
    capture
}

/// A part of the program that failed: the context `module`, and the tag `module.name`.
pub fn module<'a>(error: &'a (dyn Error + 'static), name: impl AsRef<str>) -> ErrorCapture<'a> {
    ErrorCapture::of(error, "module").detail("name", name)
}

/// A command of a user that failed: the context `command`, and the tag `command.name`.
pub fn command<'a>(error: &'a (dyn Error + 'static), name: impl AsRef<str>) -> ErrorCapture<'a> {
    ErrorCapture::of(error, "command").detail("name", name)
}

impl<'a> ErrorCapture<'a> {
    pub(crate) fn new(failure: Failure<'a>) -> Self {
        let (details, additional) = (Vec::new(), Vec::new());
        Self { failure, kind: None, details, additional, level: None }
    }

    fn of(error: &'a (dyn Error + 'static), kind: &'static str) -> Self {
        let view = ErrorView::Known(error);
        Self { kind: Some(kind), ..Self::new(Failure { type_name: "", view }) }
    }

    fn detail(mut self, key: &'static str, value: impl AsRef<str>) -> Self {
        self.details.push((key.into(), cut(value.as_ref(), MAX_DETAIL).into()));
        self
    }

    /// Adds the statement, of which 500 characters are kept.
    pub fn query(self, query: impl AsRef<str>) -> Self {
        self.detail("query", query)
    }

    /// Adds the parameters of the statement. They are recorded only with
    /// [`Config::with_send_default_pii`](crate::Config::with_send_default_pii).
    pub fn parameters<V: Into<Value>>(mut self, parameters: impl IntoIterator<Item = V>) -> Self {
        if scope::hub().is_some_and(|hub| hub.settings().send_default_pii) {
            let parameters: Vec<Value> = parameters.into_iter().map(Into::into).collect();
            self.details.push(("parameters".into(), Value::List(parameters)));
        }
        self
    }

    /// Adds the service that was called.
    pub fn service(self, service: impl AsRef<str>) -> Self {
        self.detail("service", service)
    }

    /// Adds what the service answered, of which as much is kept as of any text: 1,024 bytes unless
    /// configured. Like everything it is scrubbed.
    pub fn body(mut self, body: &str) -> Self {
        let max = scope::hub().map_or(0, |hub| hub.settings().max_value_length);
        self.details.push(("body".into(), cut(body, max).into()));
        self
    }

    /// Adds the command in which a module failed.
    pub fn command(self, command: impl AsRef<str>) -> Self {
        self.detail("command", command)
    }

    /// Sets the event's level, in place of what the error says of itself.
    pub fn level(mut self, level: Level) -> Self {
        self.level = Some(level);
        self
    }

    /// Adds a value to the context `additional`.
    pub fn with(mut self, key: impl Into<Text>, value: impl Into<Value>) -> Self {
        self.additional.push((key.into(), value.into()));
        self
    }

    /// Captures the error with the scope and the call path of this moment. Returns the event's id;
    /// `None` where nothing is recorded, and for an expected error.
    pub fn send(self) -> Option<EventId> {
        send_captured(self)
    }
}

/// Captures any error with more values, in the context `additional`, and what failed: `database(..)`,
/// `api(..)`, `module(..)` or `command(..)`, as in `#[capture_errors]`.
///
/// What is known of the error's type is found as `#[capture_errors]` does it: an `Error`, anyhow,
/// eyre, a boxed error, a text, anything with `Debug`. Returns the event's id; `None` where nothing
/// is recorded, and for an expected error.
///
/// ```
/// # let user = 7;
/// let error = anyhow_like();
/// monitor_runtime::capture!(error, operation = "refund", user_id = user);
/// monitor_runtime::capture!(error, database(operation = "select", table = "orders"), attempt = 2);
/// # fn anyhow_like() -> String { "no refund".to_owned() }
/// ```
#[macro_export]
macro_rules! capture {
    ($error:expr, $kind:ident($($detail:ident = $given:expr),* $(,)?)
        $(, $key:ident = $value:expr)* $(,)?) => {
        $crate::__capture!(
            $error,
            ::core::option::Option::Some($crate::__private::kinds::$kind),
            [$($detail = $given),*],
            [$($key = $value),*]
        )
    };
    ($error:expr $(, $key:ident = $value:expr)* $(,)?) => {
        $crate::__capture!($error, ::core::option::Option::None, [], [$($key = $value),*])
    };
}

/// What `capture!` is made of.
#[doc(hidden)]
#[macro_export]
macro_rules! __capture {
    ($error:expr, $kind:expr, [$($detail:ident = $given:expr),*], [$($key:ident = $value:expr),*]) => {
        match &::core::result::Result::Err::<(), _>(&$error) {
            outcome => {
                use $crate::__private::{failure::*, value::*};
                $crate::__private::capture_with(
                    (&&&&&&&&$crate::__private::Seen(outcome)).__monitor_failure(),
                    $kind,
                    &[$((
                        ::core::stringify!($detail),
                        (&&&&&$crate::__private::Seen(&$given)).__monitor_value(),
                    )),*],
                    &[$((
                        ::core::stringify!($key),
                        (&&&&&$crate::__private::Seen(&$value)).__monitor_value(),
                    )),*],
                )
            }
        }
    };
}

/// The kinds of errors, for `capture!`.
#[expect(non_upper_case_globals, reason = "named as they are written")]
#[doc(hidden)]
pub mod kinds {
    pub const database: &str = "database";
    pub const api: &str = "api";
    pub const module: &str = "module";
    pub const command: &str = "command";
}
