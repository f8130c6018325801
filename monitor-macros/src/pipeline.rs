//! parse -> model -> check -> expand; on a mistake: the item, and all the mistakes.

use proc_macro2::{Span, TokenStream};

use crate::diagnostics::Diagnostics;
use crate::expand::{expand, fallback};
use crate::model::{Plan, check};
use crate::parse::{AttributeKind, Function, Item, Stacked, Target, was_taken};

/// What becomes of the item below an attribute.
///
/// Not `enabled`: the arguments are read and checked, and the item is returned as it came.
pub(crate) fn run(
    kind: AttributeKind,
    arguments: TokenStream,
    tokens: TokenStream,
    enabled: bool,
) -> TokenStream {
    if was_taken(&arguments) {
        return tokens;
    }
    let mut diagnostics = Diagnostics::default();
    let mut item = Item::read(&tokens);
    let outermost = Stacked { kind, place: Span::call_site(), arguments };
    let stack = outermost.with_siblings(&mut item, &mut diagnostics);

    let function = match function(kind, &item) {
        Ok(function) => function,
        Err(mistake) => {
            // One clear error: what the arguments say doesn't matter here.
            let mut diagnostics = Diagnostics::default();
            diagnostics.add(mistake);
            return fallback(&item, diagnostics);
        }
    };
    let plan = Plan::read(stack, &mut diagnostics);
    check(&plan, &function, &mut diagnostics);
    if !diagnostics.is_empty() {
        fallback(&item, diagnostics)
    } else if enabled {
        expand(&plan, &item, function)
    } else {
        tokens
    }
}

fn function(kind: AttributeKind, item: &Item) -> syn::Result<Function> {
    match item.target() {
        Target::Function(function) => Ok(*function),
        Target::ConstFunction(constness) => Err(syn::Error::new(
            constness.span(),
            format!(
                "{kind} can't go on a `const fn`: no span can start while the program is compiled; \
                 remove `const`, or move the attribute to the caller"
            ),
        )),
        Target::Bodiless(keyword) => Err(syn::Error::new(
            keyword.span(),
            format!(
                "{kind} needs a function with a body; \
                 put it on the functions that implement this one"
            ),
        )),
        Target::Other(keyword) => Err(syn::Error::new(
            keyword.span(),
            format!("{kind} goes on a function, and this is {}", described(&keyword.to_string())),
        )),
        Target::Unreadable(mistake) => Err(syn::Error::new(
            mistake.span(),
            format!("{kind} can't read this function: {mistake}"),
        )),
    }
}

fn described(keyword: &str) -> String {
    match keyword {
        "impl" => "an `impl` block; put it on each method".to_owned(),
        "trait" => "a trait; put it on each method that has a body".to_owned(),
        "mod" => "a module; put it on each function".to_owned(),
        "enum" => "an `enum`".to_owned(),
        "use" => "an import".to_owned(),
        "let" => "a `let` statement".to_owned(),
        "macro_rules" | "macro" => "a macro".to_owned(),
        _ => format!("a `{keyword}`"),
    }
}
