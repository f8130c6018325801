use proc_macro2::Span;
use syn::Safety;
use syn::ext::IdentExt;

use super::Returned;
use crate::diagnostics::Diagnostics;
use crate::parse::{Function, Given};

/// `#[health_check(..)]`
pub(crate) struct HealthCheck {
    name: Option<String>,
    place: Span,
}

impl HealthCheck {
    pub(crate) fn read(place: Span, given: &mut Given<'_>) -> Self {
        let name = given.string("name", r#"name = "database""#);
        Self { name: name.map(|name| name.value()), place }
    }

    /// What the check is called.
    pub(crate) fn name(&self, function: &Function) -> String {
        let own = || function.signature.ident.unraw().to_string();
        self.name.clone().unwrap_or_else(own)
    }

    /// Whether it is run by polling.
    pub(crate) fn is_future(function: &Function) -> bool {
        let signature = &function.signature;
        signature.asyncness.is_some() || matches!(Returned::of(signature), Returned::Future(_))
    }

    /// A registry calls it, and knows nothing that it could give.
    pub(crate) fn check(&self, function: &Function, diagnostics: &mut Diagnostics) {
        let signature = &function.signature;
        let name = &signature.ident;
        let advice = format!(
            "a `HealthRegistry` calls `{name}` by itself; \
             give it what it needs in a closure: `HealthCheck::future(\"{name}\", move || ..)`"
        );
        if !signature.inputs.is_empty() {
            let message = format!("a health check takes no arguments: {advice}");
            diagnostics.over(&signature.inputs, message);
        }
        if !signature.generics.params.is_empty() {
            diagnostics
                .over(&signature.generics, format!("a health check isn't generic: {advice}"));
        }
        if let Safety::Unsafe(unsafety) = &signature.safety {
            diagnostics.at(unsafety.span, format!("a health check can't be `unsafe`: {advice}"));
        }
        if function.unread.is_some() {
            diagnostics.at(self.place, "`#[health_check]` can't read this function's signature");
        }
    }
}
