use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::token::Async;
use syn::{Attribute, Signature, Visibility, parse_quote};

/// A function: its signature read, its body kept as tokens.
pub(crate) struct Function {
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    /// `#![..]` and `//!` at the start of the body.
    pub(crate) inner_attributes: Vec<Attribute>,
    pub(crate) body: TokenStream,
    /// The braces as they were written: they carry the edition and what lints look at.
    pub(crate) braces: Span,
    /// Everything before the body as it was written, where it is newer than the parser.
    pub(crate) unread: Option<TokenStream>,
}

impl Function {
    /// A function whose signature can't be read: its name, and its last pair of braces.
    pub(crate) fn unread(tokens: &TokenStream) -> Option<Self> {
        let mut head: Vec<TokenTree> = tokens.clone().into_iter().collect();
        let Some(TokenTree::Group(last)) = head.pop() else { return None };
        let word = |wanted: &str| {
            head.iter().position(|token| matches!(token, TokenTree::Ident(word) if word == wanted))
        };
        let keyword = word("fn")?;
        let asyncness = word("async").filter(|place| *place < keyword).map(|_| Async::default());
        let TokenTree::Ident(name) = head.get(keyword + 1)?.clone() else { return None };
        let Body { inner_attributes, body } = syn::parse2(last.stream()).ok()?;
        (last.delimiter() == Delimiter::Brace).then(|| Self {
            visibility: Visibility::Inherited,
            signature: parse_quote! { #asyncness fn #name() },
            inner_attributes,
            body,
            braces: last.span(),
            unread: Some(head.into_iter().collect()),
        })
    }
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let visibility = input.parse()?;
        let signature = input.parse()?;
        let (block, braces) = block(input)?;
        let Body { inner_attributes, body } = syn::parse2(block)?;
        Ok(Self { visibility, signature, inner_attributes, body, braces, unread: None })
    }
}

struct Body {
    inner_attributes: Vec<Attribute>,
    body: TokenStream,
}

impl Parse for Body {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { inner_attributes: input.call(Attribute::parse_inner)?, body: input.parse()? })
    }
}

fn block(input: ParseStream<'_>) -> syn::Result<(TokenStream, Span)> {
    input.step(|cursor| match cursor.group(Delimiter::Brace) {
        Some((inner, span, rest)) => Ok(((inner.token_stream(), span.join()), rest)),
        None => Err(cursor.error("expected a body between braces")),
    })
}
