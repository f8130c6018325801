use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Meta, Path};

use super::{AttributeKind, Form, Item, list};
use crate::diagnostics::Diagnostics;

/// One of our attributes above a function.
#[derive(Clone)]
pub(crate) struct Stacked {
    pub(crate) kind: AttributeKind,
    /// Where it stands.
    pub(crate) place: Span,
    pub(crate) arguments: TokenStream,
    /// Whether the block around the function was given it.
    pub(crate) is_inherited: bool,
}

/// The first word of an attribute that a block gave to its functions.
const INHERITED: &str = "__inherited";

impl Stacked {
    pub(crate) fn new(kind: AttributeKind, place: Span, arguments: TokenStream) -> Self {
        let mut tokens = arguments.clone().into_iter();
        match tokens.next() {
            Some(TokenTree::Ident(word)) if word == INHERITED => {
                Self { kind, place, arguments: tokens.collect(), is_inherited: true }
            }
            _ => Self { kind, place, arguments, is_inherited: false },
        }
    }

    /// The attribute as a block gives it to each of its functions.
    pub(crate) fn to_inherit(&self) -> TokenStream {
        let at = Span::mixed_site();
        let root = crate_argument(self.arguments.clone())
            .map_or_else(|| quote_spanned! {at=> ::monitor_runtime }, ToTokens::into_token_stream);
        let name = Ident::new(self.kind.name(), self.place.resolved_at(at));
        let (word, arguments) = (Ident::new(INHERITED, at), &self.arguments);
        quote_spanned! {at=> #[#root::#name(#word #arguments)] }
    }

    /// The places of the other attributes of this name that are written on a block.
    pub(crate) fn others_of_its_kind(&self, item: &Item) -> Vec<Span> {
        let crates = renamed_crates(self, item);
        let same =
            item.attributes.iter().filter(|other| self.is_inherited(&crates, other) == Some(false));
        same.map(|other| other.path().span()).collect()
    }

    /// Takes away what the blocks around this one gave it of the same name; whether they did.
    pub(crate) fn disinherit(&self, item: &mut Item) -> bool {
        let crates = renamed_crates(self, item);
        let before = item.attributes.len();
        item.attributes.retain(|other| self.is_inherited(&crates, other) != Some(true));
        item.attributes.len() < before
    }

    /// Whether a block gave it this attribute, if it has the same name.
    fn is_inherited(&self, crates: &[Path], other: &Attribute) -> Option<bool> {
        if recognise(other.path(), crates) != Some(self.kind) {
            return None;
        }
        let arguments =
            other.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
        Some(Self::new(self.kind, self.place, arguments).is_inherited)
    }

    /// Where an argument stands.
    pub(crate) fn place_of(&self, key: &str) -> Span {
        let arguments = list(self.arguments.clone(), &mut Diagnostics::default());
        let argument = arguments.iter().find(|argument| argument.key.text == key);
        argument.map_or(self.place, |argument| argument.key.span())
    }

    /// `skip` alone: the attribute of the block isn't meant for this function.
    pub(crate) fn skips(&self) -> bool {
        let mut tokens = self.arguments.clone().into_iter();
        let first = tokens.next();
        let skips = matches!(first, Some(TokenTree::Ident(word)) if word == "skip");
        // To `#[ai_tool]` the word means something else.
        skips && tokens.next().is_none() && self.kind.goes_on_blocks()
    }

    /// This attribute and those below it that are ours too; only their paths stay in the item.
    ///
    /// Attributes run from the outside in, so the one that runs first sees all others.
    pub(crate) fn with_siblings(self, item: &mut Item, diagnostics: &mut Diagnostics) -> Vec<Self> {
        let crates = renamed_crates(&self, item);
        let mut stack = vec![self];
        for attribute in std::mem::take(&mut item.attributes) {
            match recognise(attribute.path(), &crates) {
                Some(kind) => {
                    let sibling = Self::sibling(kind, &attribute, diagnostics);
                    if !sibling.is_inherited {
                        item.siblings.push(attribute.path().clone());
                    }
                    stack.push(sibling);
                }
                None => item.attributes.push(attribute),
            }
        }
        stack
    }

    fn sibling(kind: AttributeKind, attribute: &Attribute, diagnostics: &mut Diagnostics) -> Self {
        let arguments = match &attribute.meta {
            Meta::Path(_) => TokenStream::new(),
            Meta::List(list) => list.tokens.clone(),
            Meta::NameValue(pair) => {
                let message = format!("{kind} takes parentheses, as in `{}`", kind.example());
                diagnostics.over(pair, message);
                TokenStream::new()
            }
        };
        Self::new(kind, attribute.path().span(), arguments)
    }
}

/// The crates named by `crate = ..`, by which a sibling may be called.
fn renamed_crates(own: &Stacked, item: &Item) -> Vec<Path> {
    let siblings = item.attributes.iter().filter_map(|attribute| {
        last_kind(attribute.path())?;
        attribute.meta.require_list().ok().map(|list| list.tokens.clone())
    });
    std::iter::once(own.arguments.clone()).chain(siblings).filter_map(crate_argument).collect()
}

fn crate_argument(arguments: TokenStream) -> Option<Path> {
    let arguments = Stacked::new(AttributeKind::Traced, Span::call_site(), arguments).arguments;
    // Mistakes are reported when the arguments are read for good.
    let arguments = list(arguments, &mut Diagnostics::default());
    let named = arguments.into_iter().find(|argument| argument.key.text == "crate")?;
    match named.form {
        Form::Assigned { value: Expr::Path(path), .. } => Some(path.path),
        _ => None,
    }
}

fn recognise(path: &Path, crates: &[Path]) -> Option<AttributeKind> {
    let kind = last_kind(path)?;
    let names = segments(path);
    let parent = &names[..names.len() - 1];
    let ours = match parent.first().map(String::as_str) {
        None | Some("monitor_runtime" | "monitor_macros") => true,
        Some(_) => crates.iter().any(|renamed| segments(renamed) == parent),
    };
    ours.then_some(kind)
}

fn last_kind(path: &Path) -> Option<AttributeKind> {
    AttributeKind::named(&path.segments.last()?.ident.to_string())
}

fn segments(path: &Path) -> Vec<String> {
    path.segments.iter().map(|segment| segment.ident.to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(arguments: &str, item: &str) -> (Vec<AttributeKind>, usize) {
        let mut item = Item::read(&item.parse().unwrap());
        let place = Span::call_site();
        let own = Stacked::new(AttributeKind::Traced, place, arguments.parse().unwrap());
        let stack = own.with_siblings(&mut item, &mut Diagnostics::default());
        (stack.iter().map(|stacked| stacked.kind).collect(), item.attributes.len())
    }

    #[test]
    fn siblings_are_taken_and_others_stay() {
        let item = "#[inline] #[slow_threshold] #[monitor_runtime::ai_call(op = chat)] fn f() {}";
        let kinds =
            vec![AttributeKind::Traced, AttributeKind::SlowThreshold, AttributeKind::AiCall];
        assert_eq!(stack("", item), (kinds, 1));
    }

    #[test]
    fn attributes_of_another_crate_stay() {
        assert_eq!(stack("", "#[other::traced] fn f() {}"), (vec![AttributeKind::Traced], 1));
    }

    #[test]
    fn a_renamed_crate_is_recognised() {
        let kinds = vec![AttributeKind::Traced, AttributeKind::SlowThreshold];
        let item = "#[app::watch::slow_threshold] fn f() {}";
        assert_eq!(stack("crate = app::watch", item), (kinds.clone(), 0));
        let item = "#[watch::slow_threshold(crate = watch, ms = 1)] fn f() {}";
        assert_eq!(stack("", item), (kinds, 0));
    }
}
