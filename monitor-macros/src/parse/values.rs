//! Looks at an expression as the literal or word that it may be.

use syn::{Expr, ExprLit, Lit, LitInt, LitStr};

/// The expression inside parentheses and invisible groups.
pub(crate) fn unwrapped(value: &Expr) -> &Expr {
    match value {
        Expr::Paren(inner) => unwrapped(&inner.expr),
        Expr::Group(inner) => unwrapped(&inner.expr),
        _ => value,
    }
}

/// The text between quotes.
pub(crate) fn as_string(value: &Expr) -> Option<LitStr> {
    match unwrapped(value) {
        Expr::Lit(ExprLit { lit: Lit::Str(literal), .. }) => Some(literal.clone()),
        _ => None,
    }
}

pub(crate) fn as_integer(value: &Expr) -> Option<LitInt> {
    match unwrapped(value) {
        Expr::Lit(ExprLit { lit: Lit::Int(literal), .. }) => Some(literal.clone()),
        _ => None,
    }
}

pub(crate) fn as_bool(value: &Expr) -> Option<bool> {
    match unwrapped(value) {
        Expr::Lit(ExprLit { lit: Lit::Bool(literal), .. }) => Some(literal.value),
        _ => None,
    }
}

/// `chat`, or `"chat"`.
pub(crate) fn as_word(value: &Expr) -> Option<String> {
    match unwrapped(value) {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        other => as_string(other).map(|literal| literal.value()),
    }
}
