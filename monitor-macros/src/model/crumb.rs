use syn::LitStr;

use super::level::Level;
use super::{Recorded, Text};
use crate::parse::Given;

/// A breadcrumb that each call leaves.
pub(crate) struct Crumb {
    pub(crate) category: String,
    /// `None`: the function's name.
    pub(crate) message: Option<Text>,
    pub(crate) level: Level,
    pub(crate) data: Vec<Recorded>,
    /// Whether it says the correlation id.
    pub(crate) correlated: bool,
}

impl Crumb {
    /// `#[breadcrumb(..)]`
    pub(crate) fn read(given: &mut Given<'_>) -> Self {
        if !given.has("category") {
            given.missing("category", r#"category = "ui""#);
        }
        let category = given.string("category", r#"category = "ui""#);
        let message = given.text("message", r#"message = "checkout opened""#);
        Self {
            category: category.as_ref().map(LitStr::value).unwrap_or_default(),
            message: message.map(Text::from),
            level: Level::read(given).unwrap_or(Level::Info),
            data: Recorded::take_all(given, "data", "data(id)"),
            correlated: false,
        }
    }

    /// One that a preset leaves.
    pub(crate) fn of_preset(category: &str, message: String) -> Self {
        Self {
            category: category.to_owned(),
            message: Some(Text::Literal(message)),
            level: Level::Info,
            data: Vec::new(),
            correlated: false,
        }
    }
}
