use proc_macro2::{Ident, Span, TokenStream};
use syn::{Expr, LitStr};

use crate::diagnostics::Diagnostics;
use crate::parse::{Argument, Form, Given, Key, Sigil, as_string, list, without_repeats};

/// A named value of a call: `id`, `rows = rows.len()`, `?request`.
#[derive(Clone)]
pub(crate) struct Recorded {
    pub(crate) key: LitStr,
    pub(crate) view: View,
    pub(crate) value: Expr,
    /// The variable that a key without a value refers to.
    pub(crate) shorthand: Option<Ident>,
}

/// How a value is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum View {
    /// The best that its type can do.
    Best,
    Debug,
    Display,
}

impl Recorded {
    /// The values of a group such as `fields(..)`.
    pub(crate) fn take_all(given: &mut Given<'_>, group: &str, example: &str) -> Vec<Self> {
        let Some(tokens) = given.group(group, example) else {
            return Vec::new();
        };
        Self::read_all(group, tokens, given.diagnostics())
    }

    /// A value under a name of ours.
    pub(crate) fn plain(key: &str, value: Expr) -> Self {
        let key = LitStr::new(key, Span::mixed_site());
        Self { key, view: View::Best, value, shorthand: None }
    }

    /// Everything between the parentheses of `fields(..)`, `tags(..)` and the like.
    pub(crate) fn read_all(
        group: &str,
        tokens: TokenStream,
        diagnostics: &mut Diagnostics,
    ) -> Vec<Self> {
        without_repeats(list(tokens, diagnostics), diagnostics)
            .into_iter()
            .filter_map(|argument| Self::read(group, argument, diagnostics))
            .collect()
    }

    pub(crate) fn read(
        group: &str,
        argument: Argument,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let Argument { sigil, key, form } = argument;
        if key.text.trim().is_empty() {
            diagnostics.over(&key.tokens, format!("a name in `{group}(..)` can't be empty"));
            return None;
        }
        match form {
            Form::Broken => None,
            Form::Flag => Self::variable(group, sigil, &key, diagnostics),
            Form::Assigned { sigil: inner, value } => Some(Self {
                view: View::from(sigil.or(inner)),
                key: LitStr::new(&key.text, key.span()),
                value,
                shorthand: None,
            }),
            Form::List(_) => {
                let name = &key.text;
                let message = format!("`{name}` expects a value, as in `{group}({name} = value)`");
                diagnostics.over(&key.tokens, message);
                None
            }
        }
    }

    /// A key that is also its value: `id`, `user.email`.
    fn variable(
        group: &str,
        sigil: Option<Sigil>,
        key: &Key,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let (Some(first), Ok(value)) = (&key.first, syn::parse2(key.tokens.clone())) else {
            let quoted = &key.tokens;
            let message = format!("{quoted} needs a value, as in `{group}({quoted} = value)`");
            diagnostics.over(&key.tokens, message);
            return None;
        };
        // Nobody who reads a trace wants to know that it was a field of `self`.
        let name = key.text.strip_prefix("self.").unwrap_or(&key.text);
        Some(Self {
            key: LitStr::new(name, key.span()),
            view: View::from(sigil),
            value,
            shorthand: Some(first.clone()),
        })
    }

    /// The value when it is a string literal.
    pub(crate) fn literal(&self) -> Option<LitStr> {
        as_string(&self.value).filter(|_| self.view == View::Best)
    }
}

impl From<Option<Sigil>> for View {
    fn from(sigil: Option<Sigil>) -> Self {
        match sigil {
            None => Self::Best,
            Some(Sigil::Debug(_)) => Self::Debug,
            Some(Sigil::Display(_)) => Self::Display,
        }
    }
}
