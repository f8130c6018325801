use syn::LitStr;

use crate::parse::Given;

/// `#[metered(..)]`
pub(crate) struct Metered {
    /// What the metrics' names begin with; empty: the function's name, once that is known.
    pub(crate) name: String,
}

impl Metered {
    pub(crate) fn read(given: &mut Given<'_>) -> Self {
        let name = given.string("name", r#"name = "checkout""#);
        Self { name: name.as_ref().map(LitStr::value).unwrap_or_default() }
    }
}
