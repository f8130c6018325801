//! What becomes of the arguments when the body moves into a closure or an async block.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use std::collections::HashSet;
use syn::{Attribute, FnArg, Pat, PatType, Receiver, ReceiverKind, Signature, Type};

use super::entry::is_condition;
use super::glue;
use crate::model::is_cheap_to_drop;
use crate::parse::identifiers;

/// Statements at the start of the block that the body moved into.
#[derive(Default)]
pub(crate) struct Arguments {
    /// Capture the arguments whole and in the order that keeps their order of drops.
    pub(crate) mentions: TokenStream,
    /// Take patterns apart, and make variables of arguments that are assigned to.
    pub(crate) bindings: TokenStream,
    /// Whether a pattern was taken apart.
    has_parts: bool,
}

impl Arguments {
    /// Gives each pattern in the signature a name, and says how to get its parts back.
    ///
    /// `used` are the words that the body and the statements before it name: what nobody names
    /// isn't mentioned either, so that the lint for unused variables still sees it.
    pub(crate) fn capture(signature: &mut Signature, used: &HashSet<String>) -> Self {
        let mut arguments = Self::default();
        let mut mentions = Vec::new();
        for (index, input) in signature.inputs.iter_mut().enumerate() {
            let mention = match input {
                FnArg::Receiver(receiver) => mention_receiver(receiver, used),
                FnArg::Typed(typed) => arguments.capture_typed(index, typed, used),
            };
            mentions.extend(mention);
        }
        // Captured first is dropped first, but an argument is dropped before those on its left.
        arguments.mentions.extend(mentions.into_iter().rev());
        arguments
    }

    fn capture_typed(
        &mut self,
        index: usize,
        typed: &mut PatType,
        used: &HashSet<String>,
    ) -> Option<TokenStream> {
        let conditions: Vec<Attribute> =
            typed.attrs.iter().filter(|attribute| is_condition(attribute)).cloned().collect();
        let is_cheap = is_cheap_to_drop(&typed.ty);
        let name = match plain_name(&typed.pat) {
            Some(name) if used.contains(&name.to_string()) => {
                self.rebind(&conditions, typed);
                name
            }
            Some(name) if is_cheap || !name.to_string().starts_with('_') => return None,
            None if is_cheap && matches!(*typed.pat, Pat::Wild(_)) => return None,
            Some(_) => self.rename(index, &conditions, typed),
            None => self.take_apart(index, &conditions, typed),
        };
        (!is_cheap).then(|| mention(&conditions, &name))
    }

    /// Makes a variable of the body out of a captured one, where that matters.
    ///
    /// A captured variable outlives the locals of the body, so that it couldn't be assigned a
    /// borrow of one. And it would be dropped behind the parts of a pattern on its left.
    fn rebind(&mut self, conditions: &[Attribute], typed: &mut PatType) {
        let behind_pattern = self.has_parts && !is_cheap_to_drop(&typed.ty);
        let Pat::Ident(pattern) = typed.pat.as_mut() else {
            return;
        };
        if behind_pattern || pattern.mutability.is_some() && may_borrow(&typed.ty) {
            let (mutability, name) = (pattern.mutability.take(), &pattern.ident);
            self.bindings.extend(quote_spanned! {glue()=>
                #(#conditions)* let #mutability #name = #name;
            });
        }
    }

    /// Gives a name of ours to an argument whose own name nobody uses.
    fn rename(&mut self, index: usize, conditions: &[Attribute], typed: &mut PatType) -> Ident {
        let (name, _) = replace_pattern(index, typed);
        if self.has_parts {
            let rebound = quote_spanned! {glue()=> #(#conditions)* let #name = #name; };
            self.bindings.extend(rebound);
        }
        name
    }

    /// Gives a name of ours to a pattern, which then stands inside the body.
    fn take_apart(&mut self, index: usize, conditions: &[Attribute], typed: &mut PatType) -> Ident {
        if matches!(*typed.pat, Pat::Wild(_)) {
            return self.rename(index, conditions, typed);
        }
        let (name, pattern) = replace_pattern(index, typed);
        self.has_parts = true;
        let words = identifiers(pattern.to_token_stream());
        // `ref mut` needs a place that may be changed.
        let place = if words.contains("ref") && words.contains("mut") {
            quote_spanned! {glue()=> { #name } }
        } else {
            name.to_token_stream()
        };
        self.bindings.extend(quote_spanned! {glue()=> #(#conditions)* let #pattern = #place; });
        name
    }
}

fn replace_pattern(index: usize, typed: &mut PatType) -> (Ident, Pat) {
    let name = format_ident!("__arg{index}", span = glue());
    let pattern = std::mem::replace(typed.pat.as_mut(), Pat::Verbatim(name.to_token_stream()));
    (name, pattern)
}

/// The argument's name when it has nothing but a name.
fn plain_name(pattern: &Pat) -> Option<Ident> {
    match pattern {
        Pat::Ident(simple) if simple.by_ref.is_none() && simple.subpat.is_none() => {
            Some(simple.ident.clone())
        }
        _ => None,
    }
}

fn mention(conditions: &[Attribute], name: &Ident) -> TokenStream {
    quote_spanned! {glue()=> #(#conditions)* let _ = &#name; }
}

/// A receiver that is owned is dropped like any other argument.
fn mention_receiver(receiver: &Receiver, used: &HashSet<String>) -> Option<TokenStream> {
    let owned = match &receiver.kind {
        ReceiverKind::Reference(..) => false,
        ReceiverKind::Typed(_, written) => !is_cheap_to_drop(written),
        _ => true,
    };
    let name = &receiver.self_token;
    (owned && used.contains("self")).then(|| quote_spanned! {glue()=> let _ = &#name; })
}

/// Whether a value of this type may hold a borrow.
fn may_borrow(written: &Type) -> bool {
    let tokens = written.to_token_stream();
    let text = tokens.to_string();
    text.contains('&') || text.contains('\'') || identifiers(tokens).contains("dyn")
}
