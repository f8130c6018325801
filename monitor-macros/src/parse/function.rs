use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
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
    /// Reads what stands before the last pair of braces, which is the body.
    pub(crate) fn read(trees: &[TokenTree]) -> syn::Result<Self> {
        let Some((head, body)) = split(trees) else {
            return Err(syn::Error::new(end(trees), "expected a body between braces"));
        };
        let Head { visibility, signature } = syn::parse2(head.iter().cloned().collect())?;
        let (inner_attributes, braces) = (Vec::new(), body.span());
        let body = body.stream();
        Self { visibility, signature, inner_attributes, body, braces, unread: None }
            .without_inner_attributes()
    }

    /// A function whose signature can't be read: its name, and its last pair of braces.
    pub(crate) fn unread(trees: &[TokenTree]) -> Option<Self> {
        let (head, body) = split(trees)?;
        let word = |wanted: &str| {
            head.iter().position(|token| matches!(token, TokenTree::Ident(word) if word == wanted))
        };
        let keyword = word("fn")?;
        let asyncness = word("async").filter(|place| *place < keyword).map(|_| Async::default());
        let TokenTree::Ident(name) = head.get(keyword + 1)?.clone() else { return None };
        let function = Self {
            visibility: Visibility::Inherited,
            signature: parse_quote! { #asyncness fn #name() },
            inner_attributes: Vec::new(),
            body: body.stream(),
            braces: body.span(),
            unread: Some(head.iter().cloned().collect()),
        };
        function.without_inner_attributes().ok()
    }

    /// Takes `#![..]` and `//!` out of the body, which is only read where it begins with one.
    fn without_inner_attributes(mut self) -> syn::Result<Self> {
        let mut trees = self.body.clone().into_iter();
        let has_some = [trees.next(), trees.next()].iter().zip(['#', '!']).all(
            |(tree, mark)| matches!(tree, Some(TokenTree::Punct(punct)) if punct.as_char() == mark),
        );
        if has_some {
            let Body { inner_attributes, body } = syn::parse2(self.body)?;
            (self.inner_attributes, self.body) = (inner_attributes, body);
        }
        Ok(self)
    }
}

/// What stands before the body, and the body.
fn split(trees: &[TokenTree]) -> Option<(&[TokenTree], Group)> {
    let (TokenTree::Group(last), head) = trees.split_last()? else { return None };
    match last.delimiter() {
        Delimiter::Brace => Some((head, last.clone())),
        // A macro's `$body:block`.
        Delimiter::None => {
            let inside: Vec<_> = last.stream().into_iter().collect();
            let ([], body) = split(&inside)? else { return None };
            Some((head, body))
        }
        _ => None,
    }
}

fn end(trees: &[TokenTree]) -> Span {
    trees.last().map_or_else(Span::call_site, TokenTree::span)
}

struct Head {
    visibility: Visibility,
    signature: Signature,
}

impl Parse for Head {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        Ok(Self { visibility: input.parse()?, signature: input.parse()? })
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
