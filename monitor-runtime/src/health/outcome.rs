use std::fmt::Display;

use crate::context::bounded;
use crate::settings::DEFAULT_MAX_VALUE_LENGTH;

/// What a health check may give: `()`, a `bool`, a text that describes what is well, a `Result` of
/// one of these, or an `Option` of one, of which `None` is a failure.
#[diagnostic::on_unimplemented(
    message = "`{Self}` doesn't say whether something is healthy",
    label = "expected `()`, a `bool`, a text, or a `Result` or an `Option` of one of these",
    note = "for instance: `async fn database() -> Result<(), DbError>`"
)]
pub trait HealthOutcome {
    /// Whether it is healthy, and what there is to say of it.
    #[doc(hidden)]
    fn into_health(self) -> Result<Option<String>, Option<String>>;
}

impl HealthOutcome for () {
    fn into_health(self) -> Result<Option<String>, Option<String>> {
        Ok(None)
    }
}

impl HealthOutcome for bool {
    fn into_health(self) -> Result<Option<String>, Option<String>> {
        if self { Ok(None) } else { Err(None) }
    }
}

impl HealthOutcome for &str {
    fn into_health(self) -> Result<Option<String>, Option<String>> {
        Ok(Some(text(&self)))
    }
}

impl HealthOutcome for String {
    fn into_health(self) -> Result<Option<String>, Option<String>> {
        Ok(Some(text(&self)))
    }
}

impl<T: HealthOutcome, E: Display> HealthOutcome for Result<T, E> {
    fn into_health(self) -> Result<Option<String>, Option<String>> {
        match self {
            Ok(outcome) => outcome.into_health(),
            Err(error) => Err(Some(text(&error))),
        }
    }
}

impl<T: HealthOutcome> HealthOutcome for Option<T> {
    fn into_health(self) -> Result<Option<String>, Option<String>> {
        self.map_or(Err(None), HealthOutcome::into_health)
    }
}

fn text(value: &dyn Display) -> String {
    bounded(value, DEFAULT_MAX_VALUE_LENGTH)
}
