//! `#[derive(TokenUsage)]`

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::input::Field;
use super::{Fields, Input, Variant, glue, runtime};
use crate::diagnostics::Diagnostics;
use crate::expand::{Runtime, glue_at};
use crate::parse::{Given, Owner};

/// What a field can be, once a variant.
const COUNTS: [&str; 5] = ["input", "output", "cache_read", "cache_creation", "reasoning"];
const OTHERS: [&str; 6] = ["usage", "model", "id", "finish_reason", "cost", "content"];
const FIELD_KEYS: &[&str] = &[
    "input",
    "output",
    "cache_read",
    "cache_creation",
    "reasoning",
    "usage",
    "model",
    "id",
    "finish_reason",
    "cost",
    "content",
];
const TYPE_KEYS: &[&str] = &["input_excludes_cache", "crate"];

const fn owner(place: &'static str, keys: &'static [&'static str]) -> Owner {
    Owner { name: "monitor", place, keys, example: "#[monitor(input)]" }
}

/// What of a response a variant's fields say.
struct Said<'a> {
    variant: &'a Variant,
    fields: Fields<'a>,
    /// By their keys.
    parts: Vec<(&'static str, &'a Field)>,
}

pub(super) fn derive(input: &Input, diagnostics: &mut Diagnostics) -> TokenStream {
    let tokens = input.said.arguments.clone();
    let owner = owner(" on a response", TYPE_KEYS);
    let mut given = Given::of(owner, input.said.place, tokens, diagnostics);
    let runtime = runtime(&mut given);
    let excludes_cache = given.flag("input_excludes_cache").is_some();
    let diagnostics = given.into_diagnostics();
    let variants: Vec<_> =
        input.variants.iter().map(|variant| read(variant, diagnostics)).collect();
    let says_usage = |said: &Said<'_>| said.has("usage") || COUNTS.iter().any(|key| said.has(key));
    if diagnostics.is_empty() && !variants.iter().any(says_usage) {
        diagnostics.at(
            input.name.span(),
            "no field says how many tokens were used: mark one, as in `#[monitor(input)]`, \
             `#[monitor(output)]`, or `#[monitor(usage)]` where they are inside of it",
        );
    }
    implementation(input, &variants, excludes_cache, diagnostics, &runtime)
}

fn read<'a>(variant: &'a Variant, diagnostics: &mut Diagnostics) -> Said<'a> {
    if !variant.said.arguments.is_empty() {
        let message = "a variant of a response says nothing; its fields and the `enum` do";
        diagnostics.at(variant.said.place, message);
    }
    let mut said = Said { variant, fields: Fields::of(variant), parts: Vec::new() };
    for field in &variant.fields {
        let tokens = field.said.arguments.clone();
        let owner = owner(" on a field", FIELD_KEYS);
        let mut given = Given::of(owner, field.said.place, tokens, diagnostics);
        for key in COUNTS.into_iter().chain(OTHERS) {
            let Some(place) = given.flag(key) else { continue };
            if said.has(key) {
                let message = format!("another field is the `{key}` already");
                given.diagnostics().at(place, message);
                continue;
            }
            said.parts.push((key, field));
            said.fields.take(field);
        }
    }
    said
}

impl Said<'_> {
    fn has(&self, key: &str) -> bool {
        self.parts.iter().any(|(part, _)| *part == key)
    }

    /// The field's variable.
    fn part(&self, key: &str) -> Option<&Ident> {
        Some(&self.parts.iter().find(|(part, _)| *part == key)?.1.variable)
    }

    /// A call of the runtime's function for a field; an error about it stands at the field's type.
    fn call(&self, key: &str, function: &str, runtime: &Runtime) -> Option<TokenStream> {
        let (_, field) = self.parts.iter().find(|(part, _)| *part == key)?;
        let variable = &field.variable;
        let function = runtime.function(function, &field.ty);
        Some(quote_spanned! {glue_at(&field.ty)=> #function(#variable) })
    }

    fn arm(&self, value: &TokenStream) -> TokenStream {
        let pattern = self.fields.pattern();
        let name = self.variant.name.as_ref().map(|name| quote_spanned! {glue()=> ::#name });
        quote_spanned! {glue()=> Self #name #pattern => #value, }
    }

    fn usage(&self, excludes_cache: bool, runtime: &Runtime) -> TokenStream {
        let mut parts = quote_spanned! {glue()=> #runtime::UsageParts::new() };
        for key in COUNTS {
            if let Some(count) = self.call(key, "token_count", runtime) {
                let method = Ident::new(key, glue());
                parts.extend(quote_spanned! {glue()=> .#method(#count) });
            }
        }
        if excludes_cache {
            parts.extend(quote_spanned! {glue()=> .input_excludes_cache() });
        }
        if let Some(inner) = self.call("usage", "inner_usage", runtime) {
            parts.extend(quote_spanned! {glue()=> .inside(#inner) });
        }
        quote_spanned! {glue()=> #parts.usage() }
    }

    /// The value of one of the other methods: the field's, else what is inside of `usage`.
    fn other(&self, method: &Method, runtime: &Runtime) -> TokenStream {
        let own = self.call(method.key, method.function, runtime);
        let name = Ident::new(method.name, glue());
        let inner = self.part("usage").map(|usage| {
            quote_spanned! {glue()=> #runtime::TokenUsage::#name(#usage) }
        });
        match (own, inner) {
            (Some(own), Some(inner)) => {
                quote_spanned! {glue()=> #runtime::Either::either(#own, || #inner) }
            }
            (Some(value), None) | (None, Some(value)) => value,
            (None, None) => method.nothing.clone(),
        }
    }
}

/// One of the methods that have a default.
struct Method {
    key: &'static str,
    name: &'static str,
    function: &'static str,
    returned: TokenStream,
    nothing: TokenStream,
}

fn methods(runtime: &Runtime) -> [Method; 5] {
    let at = glue();
    let text = quote! { ::core::option::Option<#runtime::Cow<'_, str>> };
    let none = quote_spanned! {at=> ::core::option::Option::None };
    let method = |key, name, function, returned: TokenStream, nothing: TokenStream| Method {
        key,
        name,
        function,
        returned,
        nothing,
    };
    let list = quote_spanned! {at=> #runtime::Vec<#runtime::Cow<'_, str>> };
    let no_list = quote_spanned! {at=> #runtime::Vec::new() };
    let cost = quote_spanned! {at=> ::core::option::Option<f64> };
    [
        method("model", "response_model", "word", text.clone(), none.clone()),
        method("id", "response_id", "word", text, none.clone()),
        method("finish_reason", "finish_reasons", "words", list, no_list),
        method("cost", "cost_usd", "cost", cost, none),
        method(
            "content",
            "has_content",
            "is_content",
            quote_spanned! {at=> bool },
            quote_spanned! {at=> false },
        ),
    ]
}

fn implementation(
    input: &Input,
    variants: &[Said<'_>],
    excludes_cache: bool,
    diagnostics: &Diagnostics,
    runtime: &Runtime,
) -> TokenStream {
    let is_usable = diagnostics.is_empty();
    let usage = match (is_usable, variants.is_empty()) {
        (false, _) => quote_spanned! {glue()=> ::core::option::Option::None },
        (true, true) => quote_spanned! {glue()=> match *self {} },
        (true, false) => {
            let arms = variants.iter().map(|said| said.arm(&said.usage(excludes_cache, runtime)));
            quote_spanned! {glue()=> match self { #(#arms)* } }
        }
    };
    let said_by_any = |key: &str| variants.iter().any(|said| said.has(key) || said.has("usage"));
    let asked = |method: &Method| match method.key {
        // Inside of `usage` there is no answer.
        "content" => variants.iter().any(|said| said.has("content")),
        key => said_by_any(key),
    };
    let methods = methods(runtime).into_iter().filter(|method| is_usable && asked(method));
    let methods = methods.map(|method| {
        let arms = variants.iter().map(|said| match method.key {
            "content" => {
                let own = said.call(method.key, method.function, runtime);
                said.arm(&own.unwrap_or_else(|| method.nothing.clone()))
            }
            _ => said.arm(&said.other(&method, runtime)),
        });
        let name = Ident::new(method.name, glue());
        let Method { returned, .. } = &method;
        quote_spanned! {glue()=> fn #name(&self) -> #returned { match self { #(#arms)* } } }
    });
    let ty = &input.name;
    let (parameters, arguments, bounds) = input.generics.split_for_impl();
    quote_spanned! {glue()=>
        #[automatically_derived]
        impl #parameters #runtime::TokenUsage for #ty #arguments #bounds {
            fn token_usage(&self) -> ::core::option::Option<#runtime::Usage> {
                #usage
            }
            #(#methods)*
        }
    }
}
