use proc_macro2::{Ident, Span};

use super::super::fields::Fields;
use super::super::input::{Field, Variant};
use super::said::Said;
use crate::diagnostics::Diagnostics;

/// The field that says everything about a transparent error.
pub(super) fn source(
    variant: &Variant,
    place: Span,
    said: &Said,
    fields: &mut Fields<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Ident> {
    if said.says_more {
        diagnostics.at(place, "`transparent` stands alone: the source says the rest");
    }
    if let Some(field) = variant.fields.iter().find(|field| !field.said.arguments.is_empty()) {
        let message = "a field of a `transparent` error says nothing: the source does";
        diagnostics.at(field.said.place, message);
    }
    let Some(source) = only_source(&variant.fields) else {
        let message = "`transparent` needs one field, or one that is called `source`";
        diagnostics.at(place, message);
        return None;
    };
    fields.take(source);
    Some(source.variable.clone())
}

fn only_source(fields: &[Field]) -> Option<&Field> {
    match fields {
        [only] => Some(only),
        several => several.iter().find(|field| field.is_source),
    }
}
