//! The functions of one file.

use std::ops::RangeInclusive;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::{AttrStyle, Attribute, Signature};

use crate::refused::Refused;

/// A function that can have an attribute.
pub(crate) struct Function {
    pub(crate) name: String,
    /// Behind its other attributes, in bytes from the start of the file.
    pub(crate) offset: usize,
    pub(crate) lines: RangeInclusive<usize>,
}

#[derive(Default)]
pub(crate) struct Found {
    pub(crate) functions: Vec<Function>,
    pub(crate) refused: Vec<Refused>,
}

/// `Err` where the file isn't Rust, such as a template or the input of a test.
pub(crate) fn find(text: &str) -> syn::Result<Found> {
    let mut found = Found::default();
    found.visit_file(&syn::parse_file(text)?);
    Ok(found)
}

impl Found {
    fn add(&mut self, item: &impl ToTokens, attributes: &[Attribute], signature: &Signature) {
        if signature.constness.is_some() {
            self.refused.push(Refused::ConstFn);
            return;
        }
        // Inner ones stand in the body.
        let outer = attributes.iter().filter(|one| matches!(one.style, AttrStyle::Outer));
        let behind: usize = outer.map(|one| one.to_token_stream().into_iter().count()).sum();
        let tokens: Vec<TokenTree> = item.to_token_stream().into_iter().collect();
        let (Some(first), Some(last)) = (tokens.get(behind), tokens.last()) else {
            return;
        };
        let start = tokens[0].span().start().line;
        self.functions.push(Function {
            name: signature.ident.to_string(),
            offset: first.span().byte_range().start,
            lines: start..=last.span().end().line,
        });
    }

    /// Counts what looks like a function in tokens that nobody can parse.
    fn add_tokens(&mut self, tokens: TokenStream, reason: Refused) {
        let mut after_fn = false;
        for token in tokens {
            if after_fn && starts_name(&token) {
                self.refused.push(reason);
            }
            after_fn = matches!(&token, TokenTree::Ident(word) if word == "fn");
            if let TokenTree::Group(group) = token {
                self.add_tokens(group.stream(), reason);
            }
        }
    }
}

/// Behind `fn`: otherwise it is the type of a pointer.
fn starts_name(token: &TokenTree) -> bool {
    match token {
        TokenTree::Ident(_) => true,
        TokenTree::Punct(mark) => mark.as_char() == '$',
        _ => false,
    }
}

impl<'ast> Visit<'ast> for Found {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.add(item, &item.attrs, &item.sig);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.add(item, &item.attrs, &item.sig);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if item.default.is_some() {
            self.add(item, &item.attrs, &item.sig);
        } else {
            self.refused.push(Refused::NoBody);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_foreign_item_fn(&mut self, _: &'ast syn::ForeignItemFn) {
        self.refused.push(Refused::ExternBlock);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let defines = call.path.is_ident("macro_rules");
        let reason = if defines { Refused::MacroRules } else { Refused::MacroCall };
        self.add_tokens(call.tokens.clone(), reason);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        find(text).unwrap().functions.into_iter().map(|function| function.name).collect()
    }

    #[test]
    fn functions_methods_defaults_and_nested_ones() {
        let text = "fn a() { fn b() {} } impl S { fn c(&self) {} } trait T { fn d() {} fn e(); }";
        assert_eq!(names(text), ["a", "b", "c", "d"]);
    }

    #[test]
    fn the_attribute_goes_behind_the_others() {
        let text = "/// Ä.\n#[inline]\npub(crate) unsafe fn a() {\n}";
        let function = &find(text).unwrap().functions[0];
        assert!(text[function.offset..].starts_with("pub(crate)"));
        assert_eq!(function.lines, 1..=4);
    }

    #[test]
    fn an_inner_attribute_is_part_of_the_body() {
        let text = "#[test] fn a() { #![expect(deprecated)] }";
        assert!(text[find(text).unwrap().functions[0].offset..].starts_with("fn"));
    }

    #[test]
    fn what_is_refused_has_a_reason() {
        let text = "const fn a() {} extern \"C\" { fn b(); } trait T { fn c(); } \
                    macro_rules! m { ($n:ident) => { fn $n() {} fn d(f: fn()) {} } } \
                    n! { fn e() {} }";
        let refused = find(text).unwrap().refused;
        assert_eq!(
            refused,
            [
                Refused::ConstFn,
                Refused::ExternBlock,
                Refused::NoBody,
                Refused::MacroRules,
                Refused::MacroRules,
                Refused::MacroCall,
            ]
        );
    }
}
