use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::Expr;

use super::{Runtime, glue, glue_at};
use crate::model::{Recorded, View};
use crate::parse::unwrapped;

/// A value as the runtime takes it.
pub(crate) fn value(recorded: &Recorded, runtime: &Runtime) -> TokenStream {
    let borrowed = borrowed(&recorded.value);
    let at = glue_at(&recorded.value);
    match recorded.view {
        View::Best => quote_spanned! {at=> (&&&&&#runtime::Seen(#borrowed)).__monitor_value() },
        View::Debug => quote_spanned! {at=> #runtime::FieldValue::Debug(#borrowed) },
        View::Display => quote_spanned! {at=> #runtime::FieldValue::Display(#borrowed) },
    }
}

/// A reference to the user's value: recording never moves it.
pub(crate) fn borrowed(expression: &Expr) -> TokenStream {
    let at = glue_at(expression);
    if binds_tighter_than_a_reference(expression) {
        quote_spanned! {at=> &#expression }
    } else {
        quote_spanned! {at=> &(#expression) }
    }
}

/// Whether the expression is a place: handing it over would move it out of its variable.
pub(crate) fn is_place(expression: &Expr) -> bool {
    match unwrapped(expression) {
        Expr::Path(_) | Expr::Index(_) => true,
        Expr::Field(field) => is_place(&field.base),
        Expr::Unary(unary) => matches!(unary.op, syn::UnOp::Deref(_)),
        _ => false,
    }
}

/// The import without which `value()` finds nothing; none when nothing looks for it.
pub(crate) fn import<'a, I>(values: I, runtime: &Runtime) -> Option<TokenStream>
where
    I: IntoIterator<Item = &'a Recorded>,
{
    let needed = values.into_iter().any(|value| value.view == View::Best);
    needed.then(|| quote_spanned! {glue()=> use #runtime::value::*; })
}

fn binds_tighter_than_a_reference(expression: &Expr) -> bool {
    match expression {
        Expr::Path(_) | Expr::Lit(_) | Expr::Paren(_) | Expr::Macro(_) | Expr::Array(_) => true,
        Expr::Field(_) | Expr::Call(_) | Expr::MethodCall(_) | Expr::Index(_) => {
            // `{ block }.field` at the start would be read as a statement of its own.
            !matches!(
                expression.to_token_stream().into_iter().next(),
                Some(proc_macro2::TokenTree::Group(_))
            )
        }
        _ => false,
    }
}
