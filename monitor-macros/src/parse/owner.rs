use std::fmt::{self, Display};

use super::AttributeKind;

/// Whose arguments are read.
#[derive(Clone, Copy)]
pub(crate) struct Owner {
    /// Of the attribute, and of its module of keys for editors.
    pub(crate) name: &'static str,
    /// Where the attribute stands, if it takes other arguments elsewhere: ` on a field`.
    pub(crate) place: &'static str,
    /// The arguments that it takes, in the order of its documentation.
    pub(crate) keys: &'static [&'static str],
    /// The attribute as one would write it.
    pub(crate) example: &'static str,
}

impl From<AttributeKind> for Owner {
    fn from(kind: AttributeKind) -> Self {
        Self { name: kind.name(), place: "", keys: kind.keys(), example: kind.example() }
    }
}

impl Display for Owner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`#[{}]`{}", self.name, self.place)
    }
}
