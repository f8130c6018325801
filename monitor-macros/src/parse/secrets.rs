//! Secrets that an attribute would record: values of the crate `secrecy`, which hide themselves until
//! they are asked.

use proc_macro2::{Ident, TokenStream, TokenTree};

use super::{Argument, Form};
use crate::diagnostics::Diagnostics;

/// What asks them.
const EXPOSING: [&str; 2] = ["expose_secret", "expose_secret_mut"];

/// Arguments whose values look at something and are recorded nowhere.
const LOOKING: [&str; 6] = ["skip_if", "rows", "usage", "status", "fallback", "config"];

/// Reports each secret that an argument exposes.
pub(super) fn check(arguments: &[Argument], diagnostics: &mut Diagnostics) {
    let recorded =
        arguments.iter().filter(|argument| !LOOKING.contains(&argument.key.text.as_str()));
    for argument in recorded {
        let tokens = match &argument.form {
            Form::List(inside) => inside.clone(),
            _ => argument.value_tokens(),
        };
        each_word(tokens, &mut |word| {
            if EXPOSING.iter().any(|exposing| word == exposing) {
                let message = format!(
                    "`{word}` hands out a secret, which must not be recorded; name the value \
                     itself, which hides it, or leave it out"
                );
                diagnostics.at(word.span(), message);
            }
        });
    }
}

fn each_word(tokens: TokenStream, f: &mut impl FnMut(&Ident)) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => each_word(group.stream(), f),
            TokenTree::Ident(word) => f(&word),
            _ => {}
        }
    }
}
