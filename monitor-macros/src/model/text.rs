use syn::Expr;

use crate::parse::as_string;

/// A text known when the function is compiled, or one made at each call.
pub(crate) enum Text {
    Literal(String),
    Dynamic(Expr),
}

impl Text {
    pub(crate) fn literal(&self) -> Option<&str> {
        match self {
            Self::Literal(text) => Some(text),
            Self::Dynamic(_) => None,
        }
    }

    pub(crate) fn dynamic(&self) -> Option<&Expr> {
        match self {
            Self::Literal(_) => None,
            Self::Dynamic(expression) => Some(expression),
        }
    }
}

impl From<Expr> for Text {
    fn from(expression: Expr) -> Self {
        match as_string(&expression) {
            Some(literal) => Self::Literal(literal.value()),
            None => Self::Dynamic(expression),
        }
    }
}
