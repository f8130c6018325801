//! `impl` blocks, traits and modules: where their functions begin. Bodies are never parsed.

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use quote::ToTokens;
use syn::buffer::Cursor;
use syn::ext::IdentExt;
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream, Parser};
use syn::token::Brace;
use syn::{Attribute, Signature, Token, Visibility};

use super::head::Head;
use super::item::has_functions;

/// An `impl` block, a trait or a module.
pub(crate) struct Block {
    /// What stands before the braces.
    head: TokenStream,
    braces: Group,
}

/// A function in a block: what decides on its attribute.
struct Member {
    is_const: bool,
    has_body: bool,
}

impl Block {
    pub(crate) fn read(trees: &[TokenTree]) -> Option<Self> {
        match trees.split_last() {
            Some((TokenTree::Group(braces), head)) if braces.delimiter() == Delimiter::Brace => {
                Some(Self { head: head.iter().cloned().collect(), braces: braces.clone() })
            }
            _ => None,
        }
    }

    /// The block with this attribute on each function that can have one, and on each block in it.
    pub(crate) fn with_attribute(&self, attribute: &TokenStream) -> syn::Result<TokenStream> {
        let read = |input: ParseStream<'_>| {
            let mut tokens = TokenStream::new();
            for inner in input.call(Attribute::parse_inner)? {
                inner.to_tokens(&mut tokens);
            }
            while !input.is_empty() {
                annotate(input, attribute, &mut tokens)?;
            }
            Ok(tokens)
        };
        let mut braces = Group::new(Delimiter::Brace, read.parse2(self.braces.stream())?);
        braces.set_span(self.braces.span());
        let mut tokens = self.head.clone();
        braces.to_tokens(&mut tokens);
        Ok(tokens)
    }
}

/// Copies one item of the block.
fn annotate(
    input: ParseStream<'_>,
    attribute: &TokenStream,
    tokens: &mut TokenStream,
) -> syn::Result<()> {
    for outer in input.call(Attribute::parse_outer)? {
        outer.to_tokens(tokens);
    }
    let end = input.fork();
    match Member::read(&end) {
        Ok(member) if member.has_body && !member.is_const => tokens.extend(attribute.clone()),
        Ok(_) => {}
        Err(_) => return annotate_other(input, attribute, tokens),
    }
    copy(input.cursor(), end.cursor(), tokens);
    input.advance_to(&end);
    Ok(())
}

/// Copies an item that isn't a function. A module in another file has no functions here.
fn annotate_other(
    input: ParseStream<'_>,
    attribute: &TokenStream,
    tokens: &mut TokenStream,
) -> syn::Result<()> {
    let keyword = keyword(input.cursor());
    let item = other_item(input, keyword.as_ref())?;
    let has_braces = matches!(item.last(), Some(TokenTree::Group(_)));
    if has_braces && keyword.as_ref().is_some_and(has_functions) {
        tokens.extend(attribute.clone());
    }
    tokens.extend(item);
    Ok(())
}

impl Parse for Member {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        input.parse::<Visibility>()?;
        if input.fork().parse::<Ident>().is_ok_and(|word| word == "default") {
            input.parse::<Ident>()?;
        }
        let signature: Signature = input.parse()?;
        let has_body = input.parse::<Option<Token![;]>>()?.is_none();
        if has_body {
            body(input)?;
        }
        Ok(Self { is_const: signature.constness.is_some(), has_body })
    }
}

impl Member {
    fn read(input: ParseStream<'_>) -> syn::Result<Self> {
        let plain = input.fork();
        if let Ok(member) = plain.parse() {
            input.advance_to(&plain);
            return Ok(member);
        }
        Self::unread(input)
    }

    /// A function whose signature is newer than the parser: up to the first braces.
    fn unread(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut is_const = false;
        input.parse::<Visibility>()?;
        while !input.peek(Token![fn]) {
            is_const |= input.peek(Token![const]);
            input.call(Ident::parse_any)?;
        }
        while !input.peek(Brace) && !input.peek(Token![;]) {
            input.parse::<TokenTree>()?;
        }
        let has_body = matches!(input.parse()?, TokenTree::Group(_));
        Ok(Self { is_const, has_body })
    }
}

fn body(input: ParseStream<'_>) -> syn::Result<()> {
    input.step(|cursor| match cursor.group(Delimiter::Brace) {
        Some((_, _, rest)) => Ok(((), rest)),
        None => Err(cursor.error("expected a body between braces")),
    })
}

/// The word that says what the next item is.
fn keyword(mut at: Cursor<'_>) -> Option<Ident> {
    let next = || {
        let (token, rest) = at.token_tree()?;
        at = rest;
        Some(token)
    };
    let words: Vec<_> = std::iter::from_fn(next).take(WORDS).collect();
    Head::of(&words).keyword
}

/// `pub (crate) default unsafe async extern "C" fn`: more doesn't stand before a name.
const WORDS: usize = 8;

/// An item that isn't a function: up to its `;`, or to the braces of its own.
fn other_item(input: ParseStream<'_>, keyword: Option<&Ident>) -> syn::Result<Vec<TokenTree>> {
    let is_value = keyword.is_some_and(|keyword| {
        ["const", "static", "type", "use"].iter().any(|value| keyword == value)
    });
    let mut item = Vec::new();
    // Braces between `<` and `>` are those of a constant.
    let (mut depth, mut is_arrow) = (0_usize, false);
    while !input.is_empty() {
        let token: TokenTree = input.parse()?;
        let is_last = match &token {
            TokenTree::Punct(mark) => {
                match mark.as_char() {
                    '<' => depth += 1,
                    '>' if !is_arrow => depth = depth.saturating_sub(1),
                    _ => {}
                }
                is_arrow = matches!(mark.as_char(), '-' | '=') && mark.spacing() == Spacing::Joint;
                mark.as_char() == ';'
            }
            TokenTree::Group(group) => {
                !is_value && depth == 0 && group.delimiter() == Delimiter::Brace
            }
            _ => false,
        };
        item.push(token);
        if is_last {
            break;
        }
    }
    Ok(item)
}

fn copy(mut from: Cursor<'_>, to: Cursor<'_>, tokens: &mut TokenStream) {
    while from < to {
        let Some((token, rest)) = from.token_tree() else { break };
        token.to_tokens(tokens);
        from = rest;
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn annotated(text: &str) -> String {
        let trees: Vec<_> = text.parse::<TokenStream>().unwrap().into_iter().collect();
        let block = Block::read(&trees).unwrap();
        block.with_attribute(&quote! { @ }).unwrap().to_string().replace(' ', "")
    }

    #[test]
    fn functions_with_a_body() {
        assert_eq!(
            annotated(
                "impl<T> A<T> { #[inline] pub(crate) async fn a(&self) -> [u8; { 1 }] {} fn b() {} }"
            ),
            "impl<T>A<T>{#[inline]@pub(crate)asyncfna(&self)->[u8;{1}]{}@fnb(){}}"
        );
    }

    #[test]
    fn everything_else_is_left() {
        let text =
            "trait A { const B: C = C { d: 1 }; type E = u8; fn f(); const fn g() {} m! {} n!(); }";
        assert_eq!(annotated(text), text.replace(' ', ""));
    }

    #[test]
    fn blocks_in_a_module() {
        assert_eq!(
            annotated(
                "pub mod a { use b::{c}; static D: E = E { f: 1 }; struct G<const N: u8 = { 1 }> {} \
                 #[h] impl I<{ 2 }> for J where K: Fn(u8) -> u8 { fn l() {} } pub unsafe trait M {} \
                 mod n { } mod o; extern \"C\" { fn p(); } macro_rules! q { () => {} } fn r() {} \
                 struct S(u8); enum T { U { v: u8 } } type W = X<{ 3 }>; const fn y() {} }"
            ),
            "pubmoda{useb::{c};staticD:E=E{f:1};structG<constN:u8={1}>{}\
             #[h]@implI<{2}>forJwhereK:Fn(u8)->u8{fnl(){}}@pubunsafetraitM{}\
             @modn{}modo;extern\"C\"{fnp();}macro_rules!q{()=>{}}@fnr(){}\
             structS(u8);enumT{U{v:u8}}typeW=X<{3}>;constfny(){}}"
        );
    }

    #[test]
    fn a_signature_newer_than_the_parser() {
        assert_eq!(
            annotated("impl A { fn a(x: u8 = 1) {} fn b() {} }"),
            "implA{@fna(x:u8=1){}@fnb(){}}"
        );
    }

    #[test]
    fn braces_in_the_arguments_of_a_type() {
        assert_eq!(annotated("impl A { fn a() -> B<{ 1 }> {} }"), "implA{@fna()->B<{1}>{}}");
    }
}
