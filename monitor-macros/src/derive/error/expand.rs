use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{LitStr, parse_quote_spanned};

use super::super::fields::Fields;
use super::super::input::{Input, Variant};
use super::super::placeholders::{Piece, pieces};
use super::glue;
use super::said::Said;
use crate::diagnostics::Diagnostics;
use crate::expand::{Runtime, value};
use crate::model::Recorded;

/// One arm of the `match` over the variants.
pub(super) struct Arm {
    pattern: TokenStream,
    class: TokenStream,
}

/// `impl MonitorError for ..`; after a mistake one that says nothing, so that no second error follows.
pub(super) fn implementation(
    input: &Input,
    arms: Vec<Arm>,
    diagnostics: &Diagnostics,
    runtime: &Runtime,
) -> TokenStream {
    // Of the user's, so that expressions in the attributes may say `self`.
    let this = Ident::new("self", proc_macro2::Span::call_site());
    let class = if !diagnostics.is_empty() {
        quote_spanned! {glue()=> <#runtime::ErrorClass>::new() }
    } else if arms.is_empty() {
        quote_spanned! {glue()=> match *#this {} }
    } else {
        let arms = arms.into_iter().map(|Arm { pattern, class }| {
            quote_spanned! {glue()=> #pattern => #class, }
        });
        quote_spanned! {glue()=>
            use #runtime::value::*;
            match #this { #(#arms)* }
        }
    };
    let name = &input.name;
    let mut generics = input.generics.clone();
    if !generics.params.is_empty() {
        // Whoever implements `Error` says under which bounds.
        let bound = parse_quote_spanned! {glue()=> Self: ::core::error::Error };
        generics.make_where_clause().predicates.push(bound);
    }
    let (parameters, arguments, bounds) = generics.split_for_impl();
    quote_spanned! {glue()=>
        #[automatically_derived]
        impl #parameters #runtime::MonitorError for #name #arguments #bounds {
            fn monitor_class(&#this) -> #runtime::ErrorClass {
                #class
            }
        }
    }
}

/// A variant that speaks for itself.
pub(super) fn arm(
    variant: &Variant,
    said: &Said,
    fields: &mut Fields<'_>,
    runtime: &Runtime,
    diagnostics: &mut Diagnostics,
) -> Arm {
    let mut class = quote_spanned! {glue()=> <#runtime::ErrorClass>::new() };
    let mut add = |tokens: TokenStream| class.extend(tokens);
    if let Some(name) = &variant.name {
        let name = name.to_string();
        let name = name.trim_start_matches("r#");
        add(quote_spanned! {glue()=> .with_variant(#name) });
    }
    if let Some(expected) = said.expected {
        add(quote_spanned! {glue()=> .with_expected(#expected) });
    }
    if let Some(level) = said.level {
        let level = Ident::new(level.variant(), glue());
        add(quote_spanned! {glue()=> .with_level(#runtime::Level::#level) });
    }
    if let Some(severity) = said.severity {
        let severity = Ident::new(severity.variant(), glue());
        add(quote_spanned! {glue()=> .with_severity(#runtime::Severity::#severity) });
    }
    if let Some(category) = &said.category {
        add(quote_spanned! {glue()=> .with_category(#category) });
    }
    for part in &said.fingerprint {
        let values = part_values(part, fields, runtime, diagnostics);
        add(quote_spanned! {glue()=> .__part(&[#(#values),*]) });
    }
    add(values("__tag", &said.tags, runtime));
    add(values("__value", &said.context, runtime));
    for secret in &said.secrets {
        let value = value(&field_value(secret), runtime);
        add(quote_spanned! {glue()=> .__secret(#value) });
    }
    if said.sensitive {
        add(quote_spanned! {glue()=> .with_sensitive_text() });
    }
    if let Some(backtrace) = &said.backtrace {
        add(quote_spanned! {glue()=> .with_backtrace(#backtrace) });
    }
    Arm { pattern: pattern(variant, fields), class }
}

/// A variant that its source speaks for.
pub(super) fn transparent(
    variant: &Variant,
    fields: &Fields<'_>,
    source: Option<Ident>,
    runtime: &Runtime,
) -> Arm {
    let class = source.map(|source| {
        let field = variant.fields.iter().find(|field| field.variable == source);
        let function = match field {
            Some(field) => runtime.function("class_of", &field.ty),
            None => runtime.function("class_of", &source),
        };
        quote_spanned! {glue()=> #function(#source) }
    });
    Arm { pattern: pattern(variant, fields), class: class.into_token_stream() }
}

fn pattern(variant: &Variant, fields: &Fields<'_>) -> TokenStream {
    let fields = fields.pattern();
    match &variant.name {
        Some(name) => quote_spanned! {glue()=> Self::#name #fields },
        None => quote_spanned! {glue()=> Self #fields },
    }
}

fn values(method: &str, recorded: &[Recorded], runtime: &Runtime) -> TokenStream {
    let method = Ident::new(method, glue());
    let calls = recorded.iter().map(|recorded| {
        let (key, value) = (&recorded.key, value(recorded, runtime));
        quote_spanned! {glue()=> .#method(#key, #value) }
    });
    calls.collect()
}

/// What the pieces of one part of a fingerprint are made of.
fn part_values(
    part: &LitStr,
    fields: &mut Fields<'_>,
    runtime: &Runtime,
    diagnostics: &mut Diagnostics,
) -> Vec<TokenStream> {
    let pieces = match pieces(part) {
        Ok(pieces) => pieces,
        Err(message) => {
            diagnostics.at(part.span(), message);
            return Vec::new();
        }
    };
    let values = pieces.into_iter().filter_map(|piece| match piece {
        Piece::Text(text) => {
            let text = LitStr::new(&text, part.span());
            Some(value(&Recorded::plain("", syn::parse_quote!(#text)), runtime))
        }
        Piece::Field(name) => {
            let field = fields.named(&name, part.span(), diagnostics)?;
            Some(value(&field_value(&field.variable), runtime))
        }
    });
    values.collect()
}

fn field_value(variable: &Ident) -> Recorded {
    Recorded::plain("", syn::parse_quote!(#variable))
}
