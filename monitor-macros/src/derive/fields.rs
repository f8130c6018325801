use std::collections::HashSet;

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Expr, Member};

use super::glue;
use super::input::{Field, Variant};
use crate::diagnostics::{Diagnostics, alternatives};
use crate::model::Recorded;
use crate::parse::identifiers;

/// The fields that expressions of the user may name, and those that they did.
pub(super) struct Fields<'a> {
    fields: &'a [Field],
    /// Of the fields that must not be recorded.
    sensitive: Vec<String>,
    used: HashSet<String>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(variant: &'a Variant) -> Self {
        Self { fields: &variant.fields, sensitive: Vec::new(), used: HashSet::new() }
    }

    pub(super) fn none() -> Self {
        Self { fields: &[], sensitive: Vec::new(), used: HashSet::new() }
    }

    pub(super) fn hide(&mut self, field: &Field) {
        self.sensitive.push(name_of(field));
    }

    pub(super) fn take(&mut self, field: &Field) {
        self.used.insert(name_of(field));
    }

    /// A field by the name that a text gives it: `user_id`, or `0`.
    pub(super) fn named(
        &mut self,
        name: &str,
        place: Span,
        diagnostics: &mut Diagnostics,
    ) -> Option<&'a Field> {
        let variable = if name.starts_with(|c: char| c.is_ascii_digit()) {
            format!("_{name}")
        } else {
            name.to_owned()
        };
        let Some(field) = self.fields.iter().find(|field| name_of(field) == variable) else {
            diagnostics.at(place, self.no_such(name));
            return None;
        };
        self.check(&variable, place, diagnostics);
        self.used.insert(variable);
        Some(field)
    }

    /// Notes the fields that a value reads.
    pub(super) fn read(&mut self, recorded: &Recorded, diagnostics: &mut Diagnostics) {
        match &recorded.shorthand {
            Some(word) if word != "self" => {
                let name = word.to_string();
                self.named(name.trim_start_matches("r#"), word.span(), diagnostics);
            }
            _ => self.read_expression(&recorded.value, diagnostics),
        }
    }

    pub(super) fn read_expression(&mut self, value: &Expr, diagnostics: &mut Diagnostics) {
        let place = value.to_token_stream().into_iter().next();
        let place = place.map_or_else(Span::call_site, |token| token.span());
        let words = identifiers(value.to_token_stream());
        for field in self.fields {
            let variable = name_of(field);
            if words.contains(&variable) {
                self.check(&variable, place, diagnostics);
                self.used.insert(variable);
            }
        }
    }

    fn check(&self, variable: &str, place: Span, diagnostics: &mut Diagnostics) {
        if self.sensitive.iter().any(|sensitive| sensitive == variable) {
            let message = format!("`{variable}` is sensitive: it can't be recorded");
            diagnostics.at(place, message);
        }
    }

    fn no_such(&self, name: &str) -> String {
        let names: Vec<String> = self.fields.iter().map(name_of).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        if names.is_empty() {
            return format!("no field `{name}` here: fields are those of a variant");
        }
        format!("no field `{name}`{}", alternatives(name, &names))
    }

    /// `{ user_id, .. }`, or `{ 0: _0, .. }`, with what is used.
    pub(super) fn pattern(&self) -> TokenStream {
        let used = self.fields.iter().filter(|field| self.used.contains(&name_of(field)));
        let bindings = used.map(|field| {
            let variable = &field.variable;
            match &field.member {
                Member::Named(name) => name.to_token_stream(),
                number => quote_spanned! {glue()=> #number: #variable },
            }
        });
        quote_spanned! {glue()=> { #(#bindings,)* .. } }
    }
}

/// Without `r#`.
fn name_of(field: &Field) -> String {
    field.variable.to_string().trim_start_matches("r#").to_owned()
}
