use proc_macro2::TokenStream;
use syn::{Expr, LitStr};

use super::Recorded;
use crate::diagnostics::Diagnostics;
use crate::parse::{Argument, Form, Given, list, without_repeats};

/// One entry of `context(..)`.
pub(crate) struct Context {
    pub(crate) name: LitStr,
    pub(crate) content: Content,
}

/// What a context holds.
pub(crate) enum Content {
    /// `payment(amount = total, currency = "EUR")`
    Values(Vec<Recorded>),
    /// `payment = self.as_pairs()`
    Pairs(Expr),
}

impl Context {
    /// The entries of `context(..)`.
    pub(crate) fn take_all(given: &mut Given<'_>) -> Vec<Self> {
        match given.group("context", "context(payment(amount = total))") {
            Some(tokens) => Self::read_all(tokens, given.diagnostics()),
            None => Vec::new(),
        }
    }

    fn read_all(tokens: TokenStream, diagnostics: &mut Diagnostics) -> Vec<Self> {
        without_repeats(list(tokens, diagnostics), diagnostics)
            .into_iter()
            .filter_map(|argument| Self::read(argument, diagnostics))
            .collect()
    }

    fn read(argument: Argument, diagnostics: &mut Diagnostics) -> Option<Self> {
        let key = argument.key;
        let name = LitStr::new(&key.text, key.span());
        let content = match argument.form {
            Form::Broken => return None,
            Form::List(inner) => Content::Values(Recorded::read_all(&key.text, inner, diagnostics)),
            Form::Assigned { sigil: None, value } => Content::Pairs(value),
            Form::Flag | Form::Assigned { .. } => {
                let message = format!(
                    "a context has values, as in `context({0}(amount = total))`, \
                     or is made of pairs, as in `context({0} = pairs)`",
                    key.text
                );
                diagnostics.over(&key.tokens, message);
                return None;
            }
        };
        Some(Self { name, content })
    }

    /// The values that it names one by one.
    pub(crate) fn values(&self) -> &[Recorded] {
        match &self.content {
            Content::Values(values) => values,
            Content::Pairs(_) => &[],
        }
    }
}
