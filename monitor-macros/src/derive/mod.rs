//! The derives: what a type says of itself in `#[monitor(..)]`.

mod context;
mod error;
mod fields;
mod input;
mod placeholders;
mod token_usage;

use proc_macro2::TokenStream;

use crate::diagnostics::Diagnostics;
use crate::expand::{Runtime, glue};
use crate::parse::Given;

use fields::Fields;
use input::{Input, Variant};

/// What becomes of a type below `#[derive(MonitorError)]`.
pub(crate) fn monitor_error(tokens: TokenStream) -> TokenStream {
    with_input("MonitorError", tokens, error::derive)
}

/// What becomes of a type below `#[derive(MonitorContext)]`.
pub(crate) fn monitor_context(tokens: TokenStream) -> TokenStream {
    with_input("MonitorContext", tokens, context::derive)
}

/// What becomes of a type below `#[derive(TokenUsage)]`.
pub(crate) fn token_usage(tokens: TokenStream) -> TokenStream {
    with_input("TokenUsage", tokens, token_usage::derive)
}

fn with_input(
    name: &str,
    tokens: TokenStream,
    derive: impl FnOnce(&Input, &mut Diagnostics) -> TokenStream,
) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let expanded = match Input::read(name, tokens, &mut diagnostics) {
        Ok(input) => derive(&input, &mut diagnostics),
        Err(mistake) => {
            diagnostics.add(mistake);
            TokenStream::new()
        }
    };
    let mut output = diagnostics.completions();
    output.extend(diagnostics.into_compile_errors());
    output.extend(expanded);
    output
}

/// The runtime that a type asks for.
fn runtime(given: &mut Given<'_>) -> Runtime {
    Runtime::new(given.path("crate", "crate = my_crate::monitor_runtime").as_ref())
}
