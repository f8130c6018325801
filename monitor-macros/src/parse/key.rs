use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{LitInt, LitStr, Token};

/// The left side of an argument: `op`, `user.id` or `"user.id"`.
#[derive(Clone)]
pub(crate) struct Key {
    /// Without quotes and without `r#`.
    pub(crate) text: String,
    pub(crate) tokens: TokenStream,
    /// The first word of a key without quotes; what a shorthand refers to.
    pub(crate) first: Option<Ident>,
}

impl Key {
    pub(crate) fn span(&self) -> Span {
        self.tokens.clone().into_iter().next().map_or_else(Span::call_site, |token| token.span())
    }

    /// Whether a key without a value can start here.
    pub(crate) fn peek(input: ParseStream<'_>) -> bool {
        input.peek(Ident::peek_any) || input.peek(LitStr)
    }
}

impl Parse for Key {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            return Ok(quoted(&input.parse()?));
        }
        let first = Ident::parse_any(input)?;
        let mut text = first.unraw().to_string();
        let mut tokens = first.to_token_stream();
        while input.peek(Token![.]) {
            input.parse::<Token![.]>()?.to_tokens(&mut tokens);
            let next = part(input)?;
            text = format!("{text}.{}", next.to_string().trim_start_matches("r#"));
            next.to_tokens(&mut tokens);
        }
        Ok(Self { text, tokens, first: Some(first) })
    }
}

/// What follows a dot: a field's name, or its number in a tuple.
fn part(input: ParseStream<'_>) -> syn::Result<TokenTree> {
    if input.peek(LitInt) {
        return Ok(input.parse::<Literal>()?.into());
    }
    Ok(Ident::parse_any(input)?.into())
}

fn quoted(literal: &LitStr) -> Key {
    Key { text: literal.value(), tokens: literal.to_token_stream(), first: None }
}
