//! `#[derive(MonitorContext)]`

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::LitStr;

use super::{Fields, Input, Variant, glue, runtime};
use crate::diagnostics::Diagnostics;
use crate::expand::{Runtime, value};
use crate::model::Recorded;
use crate::parse::{Given, Owner};

const TYPE_KEYS: &[&str] = &["name", "user", "crate"];
const FIELD_KEYS: &[&str] = &["name", "sensitive", "skip"];

const fn owner(place: &'static str, keys: &'static [&'static str]) -> Owner {
    Owner { name: "monitor", place, keys, example: r#"#[monitor(name = "guild")]"# }
}

pub(super) fn derive(input: &Input, diagnostics: &mut Diagnostics) -> TokenStream {
    let tokens = input.said.arguments.clone();
    let owner = owner(" on a context", TYPE_KEYS);
    let mut given = Given::of(owner, input.said.place, tokens, diagnostics);
    let runtime = runtime(&mut given);
    let user = given.flag("user");
    let name = given.string("name", r#"name = "guild""#);
    if let (Some(place), Some(_)) = (user, &name) {
        given.diagnostics().at(place, "a user's context is called `user`: leave `name` out");
    }
    let name = match (name, user) {
        (Some(name), _) => name.value(),
        (None, Some(_)) => "user".to_owned(),
        (None, None) => context_name(&input.name.to_string()),
    };
    let diagnostics = given.into_diagnostics();
    let variants: Vec<TokenStream> =
        input.variants.iter().map(|variant| arm(variant, &runtime, diagnostics)).collect();
    implementations(input, &name, user, &variants, diagnostics, &runtime)
}

fn implementations(
    input: &Input,
    name: &str,
    user: Option<Span>,
    arms: &[TokenStream],
    diagnostics: &Diagnostics,
    runtime: &Runtime,
) -> TokenStream {
    let values = if !diagnostics.is_empty() {
        quote_spanned! {glue()=> #runtime::values(&[]) }
    } else if arms.is_empty() {
        quote_spanned! {glue()=> match *self {} }
    } else {
        quote_spanned! {glue()=>
            use #runtime::value::*;
            match self { #(#arms)* }
        }
    };
    let ty = &input.name;
    let (parameters, arguments, bounds) = input.generics.split_for_impl();
    let context = quote_spanned! {glue()=>
        #[automatically_derived]
        impl #parameters #runtime::MonitorContext for #ty #arguments #bounds {
            const NAME: &'static str = #name;

            fn monitor_values(&self) -> #runtime::Attributes {
                #values
            }
        }
    };
    let user = user.map(|_| {
        let mut generics = input.generics.clone();
        generics.params.insert(0, syn::parse_quote!('__monitor));
        let (parameters, ..) = generics.split_for_impl();
        quote_spanned! {glue()=>
            #[automatically_derived]
            impl #parameters ::core::convert::From<&'__monitor #ty #arguments> for #runtime::User
            #bounds {
                fn from(user: &'__monitor #ty #arguments) -> Self {
                    #runtime::user(#runtime::MonitorContext::monitor_values(user))
                }
            }
        }
    });
    quote_spanned! {glue()=> #context #user }
}

fn arm(variant: &Variant, runtime: &Runtime, diagnostics: &mut Diagnostics) -> TokenStream {
    if !variant.said.arguments.is_empty() {
        let message = "a variant of a context says nothing; its fields and the `enum` do";
        diagnostics.at(variant.said.place, message);
    }
    let mut fields = Fields::of(variant);
    let mut values = Vec::new();
    if let Some(name) = &variant.name {
        let name = name.to_string();
        let name = LitStr::new(name.trim_start_matches("r#"), glue());
        values.push(pair("variant", syn::parse_quote!(#name), runtime));
    }
    for field in &variant.fields {
        let tokens = field.said.arguments.clone();
        let owner = owner(" on a field", FIELD_KEYS);
        let mut given = Given::of(owner, field.said.place, tokens, diagnostics);
        let left_out = [given.flag("sensitive"), given.flag("skip")];
        let name = given.string("name", r#"name = "id""#);
        if left_out.iter().any(Option::is_some) {
            if let Some(name) = &name {
                given.diagnostics().over(name, "a field that is left out has no name");
            }
            continue;
        }
        fields.take(field);
        let variable = &field.variable;
        let name = name.map_or_else(|| plain_name(variable), |name| name.value());
        values.push(pair(&name, syn::parse_quote!(#variable), runtime));
    }
    let pattern = fields.pattern();
    let name = variant.name.as_ref().map(|name| quote_spanned! {glue()=> ::#name });
    quote_spanned! {glue()=> Self #name #pattern => #runtime::values(&[#(#values),*]), }
}

fn pair(name: &str, field: syn::Expr, runtime: &Runtime) -> TokenStream {
    let value = value(&Recorded::plain("", field), runtime);
    quote_spanned! {glue()=> (#name, #value) }
}

/// Without `r#`, and for a tuple's `_0` its number.
fn plain_name(variable: &Ident) -> String {
    let name = variable.to_string();
    let number = name.strip_prefix('_').filter(|rest| rest.bytes().all(|b| b.is_ascii_digit()));
    number.unwrap_or(name.trim_start_matches("r#")).to_owned()
}

/// `guild` for `Guild` and `GuildContext`, `voice_channel` for `VoiceChannel`.
fn context_name(ty: &str) -> String {
    let ty = ty.trim_start_matches("r#");
    let ty = ty.strip_suffix("Context").filter(|rest| !rest.is_empty()).unwrap_or(ty);
    let mut name = String::new();
    for letter in ty.chars() {
        if letter.is_uppercase() && !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_are_called_like_their_types() {
        assert_eq!(context_name("Guild"), "guild");
        assert_eq!(context_name("VoiceChannelContext"), "voice_channel");
        assert_eq!(context_name("Context"), "context");
    }
}
