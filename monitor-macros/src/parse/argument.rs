use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Expr;

use super::Key;

/// One argument: `root`, `op = "db.query"`, `fields(id)`.
pub(crate) struct Argument {
    /// `?` or `%` before a shorthand: `fields(?id)`.
    pub(crate) sigil: Option<Sigil>,
    pub(crate) key: Key,
    pub(crate) form: Form,
}

/// What follows the key.
pub(crate) enum Form {
    /// Nothing.
    Flag,
    /// `= value`, with `?` or `%` before the value where fields allow it.
    Assigned { sigil: Option<Sigil>, value: Expr },
    /// `(..)`, read later by whoever knows what is inside.
    List(TokenStream),
    /// Something unreadable, which was reported.
    Broken,
}

/// How a value is asked to be recorded.
#[derive(Clone, Copy)]
pub(crate) enum Sigil {
    Debug(Span),
    Display(Span),
}

impl Sigil {
    pub(crate) fn span(self) -> Span {
        match self {
            Self::Debug(span) | Self::Display(span) => span,
        }
    }
}

impl Argument {
    /// The tokens to underline when the value is wrong.
    pub(crate) fn value_tokens(&self) -> TokenStream {
        match &self.form {
            Form::Assigned { value, .. } => value.to_token_stream(),
            Form::Flag | Form::List(_) | Form::Broken => self.key.tokens.clone(),
        }
    }
}
