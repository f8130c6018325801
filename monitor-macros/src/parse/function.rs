use proc_macro2::{Delimiter, Span, TokenStream};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Visibility};

/// A function: its signature read, its body kept as tokens.
pub(crate) struct Function {
    pub(crate) visibility: Visibility,
    pub(crate) signature: Signature,
    /// `#![..]` and `//!` at the start of the body.
    pub(crate) inner_attributes: Vec<Attribute>,
    pub(crate) body: TokenStream,
    /// The braces as they were written: they carry the edition and what lints look at.
    pub(crate) braces: Span,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let visibility = input.parse()?;
        let signature = input.parse()?;
        let (block, braces) = block(input)?;
        let Body { inner_attributes, body } = syn::parse2(block)?;
        Ok(Self { visibility, signature, inner_attributes, body, braces })
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
