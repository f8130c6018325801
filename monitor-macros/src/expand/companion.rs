//! The type beside a health check, of the function's name: what a registry is given.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::ReturnType;

use super::{Runtime, glue, glue_at};
use crate::expand::entry::is_condition;
use crate::model::{HealthCheck, Plan};
use crate::parse::{Function, Item};

/// Nothing, unless the function is a health check.
pub(crate) fn companion(plan: &Plan, item: &Item, function: &Function) -> TokenStream {
    let Some(health) = &plan.health else { return TokenStream::new() };
    let runtime = Runtime::new(plan.crate_path.as_ref());
    let conditions: Vec<_> =
        item.attributes.iter().filter(|attribute| is_condition(attribute)).collect();
    let (visibility, ident) = (&function.visibility, &function.signature.ident);
    let name = health.name(function);
    let new = if HealthCheck::is_future(function) { "future" } else { "blocking" };
    let (about, does) = (
        format!("The health check `{name}`."),
        format!("The health check `{name}`, for a `HealthRegistry`."),
    );
    // A value that says nothing of health is reported where its type stands.
    let made = match &function.signature.output {
        ReturnType::Type(_, written) => {
            let (at, class) = (glue_at(written), runtime.function("HealthCheck", written));
            let new = Ident::new(new, at);
            quote_spanned! {at=> <#class>::#new(#name, #ident) }
        }
        ReturnType::Default => {
            let new = Ident::new(new, glue());
            quote_spanned! {glue()=> <#runtime::HealthCheck>::#new(#name, #ident) }
        }
    };
    quote_spanned! {glue()=>
        #(#conditions)*
        #[doc = #about]
        #[allow(non_camel_case_types, dead_code, unreachable_pub)]
        #visibility enum #ident {}
        #(#conditions)*
        #[allow(dead_code, unreachable_pub)]
        impl #ident {
            #[doc = #does]
            #visibility fn check() -> #runtime::HealthCheck {
                #made
            }
        }
    }
}
