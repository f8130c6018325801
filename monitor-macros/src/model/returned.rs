use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    AssocType, GenericArgument, PathArguments, PathSegment, ReturnType, Signature, Type,
    TypeParamBound, WherePredicate,
};

use super::Shape;

/// What a function hands out: its value, or something that goes on after the return.
pub(crate) enum Returned {
    Value,
    Future(Delayed),
    Stream(Delayed),
}

/// A future or a stream.
pub(crate) struct Delayed {
    /// `Pin<Box<dyn ..>>` or one of its aliases, not `impl ..`.
    pub(crate) is_boxed: bool,
    /// The future's `Output` or the stream's `Item`, where it is written.
    pub(crate) value: Option<Type>,
}

/// Bounds beside `Future` and `Stream` that our wrappers keep.
const KEPT_BOUNDS: [&str; 3] = ["Send", "Sync", "Unpin"];

impl Returned {
    pub(crate) fn of(signature: &Signature) -> Self {
        match &signature.output {
            ReturnType::Type(_, written) if signature.asyncness.is_none() => {
                match of_type(written) {
                    // A wrapper would need the parameter to live as long, and nothing says it does.
                    Self::Future(delayed) | Self::Stream(delayed)
                        if delayed.is_boxed && may_be_too_short(written, signature) =>
                    {
                        Self::Value
                    }
                    returned => returned,
                }
            }
            _ => Self::Value,
        }
    }

    /// Whether this is a future by its type, whatever the function is.
    pub(crate) fn is_future(output: &ReturnType) -> bool {
        matches!(output, ReturnType::Type(_, written) if matches!(of_type(written), Self::Future(_)))
    }

    /// The type that says how a call went.
    pub(crate) fn value<'a>(&'a self, output: &'a ReturnType) -> Option<&'a Type> {
        match (self, output) {
            (Self::Future(delayed) | Self::Stream(delayed), _) => delayed.value.as_ref(),
            (Self::Value, ReturnType::Type(_, written)) => Some(written),
            (Self::Value, ReturnType::Default) => None,
        }
    }
}

/// Whether a box for ever holds what may be a type parameter without that bound. Those of an `impl`
/// block can't be seen from here: what is called by one letter is taken for one.
fn may_be_too_short(written: &Type, signature: &Signature) -> bool {
    let words: Vec<TokenTree> = flat(written.to_token_stream());
    let has_lifetime =
        words.iter().any(|word| matches!(word, TokenTree::Punct(mark) if mark.as_char() == '\''));
    let is_letter = |word: &TokenTree| {
        matches!(word, TokenTree::Ident(word) if {
            let word = word.to_string();
            word.len() == 1 && word.starts_with(char::is_uppercase)
        })
    };
    !has_lifetime
        && words.iter().filter(|word| is_letter(word)).any(|letter| !is_static(letter, signature))
}

/// Whether a parameter of the function itself has the bound `'static`.
fn is_static(parameter: &TokenTree, signature: &Signature) -> bool {
    let name = parameter.to_string();
    let declared = signature.generics.type_params().filter(|declared| declared.ident == name);
    let clauses = signature.generics.where_clause.iter().flat_map(|clause| &clause.predicates);
    let clauses = clauses.filter_map(|predicate| match predicate {
        WherePredicate::Type(bounded)
            if bounded.bounded_ty.to_token_stream().to_string() == name =>
        {
            Some(&bounded.bounds)
        }
        _ => None,
    });
    let mut bounds = declared.map(|declared| &declared.bounds).chain(clauses).flatten();
    bounds.any(
        |bound| matches!(bound, TypeParamBound::Lifetime(lifetime) if lifetime.ident == "static"),
    )
}

fn flat(tokens: TokenStream) -> Vec<TokenTree> {
    let inside = |tree: TokenTree| match tree {
        TokenTree::Group(group) => flat(group.stream()),
        other => vec![other],
    };
    tokens.into_iter().flat_map(inside).collect()
}

impl Shape {
    /// What is known of the value that a call gives in the end.
    pub(crate) fn of_outcome(signature: &Signature) -> Self {
        match Returned::of(signature) {
            Returned::Value => Self::of(&signature.output),
            Returned::Future(delayed) | Returned::Stream(delayed) => {
                delayed.value.as_ref().map_or(Self::Outcome, Self::of_type)
            }
        }
    }
}

fn of_type(written: &Type) -> Returned {
    match written {
        Type::Group(group) => of_type(&group.elem),
        Type::Paren(paren) => of_type(&paren.elem),
        Type::ImplTrait(opaque) => of_bounds(opaque.bounds.iter(), false),
        Type::Path(path) if path.qself.is_none() => {
            path.path.segments.last().map_or(Returned::Value, of_segment)
        }
        _ => Returned::Value,
    }
}

/// `Pin<Box<dyn Future>>`, or an alias by a name of the crate `futures`.
fn of_segment(segment: &PathSegment) -> Returned {
    // Many crates have an alias of such a name with a `Result` inside: its argument says nothing.
    let alias = Delayed { is_boxed: true, value: None };
    let types: Vec<&Type> = type_arguments(segment).collect();
    match (segment.ident.to_string().as_str(), types.as_slice()) {
        ("Pin", [pointer]) => boxed(pointer),
        ("BoxFuture" | "LocalBoxFuture", [_, ..]) => Returned::Future(alias),
        ("BoxStream" | "LocalBoxStream", [_, ..]) => Returned::Stream(alias),
        _ => Returned::Value,
    }
}

fn boxed(pointer: &Type) -> Returned {
    let Type::Path(path) = ungrouped(pointer) else {
        return Returned::Value;
    };
    let Some(segment) = path.path.segments.last().filter(|segment| segment.ident == "Box") else {
        return Returned::Value;
    };
    match type_arguments(segment).next().map(ungrouped) {
        Some(Type::TraitObject(object)) => of_bounds(object.bounds.iter(), true),
        _ => Returned::Value,
    }
}

fn of_bounds<'a, I>(bounds: I, is_boxed: bool) -> Returned
where
    I: Iterator<Item = &'a TypeParamBound>,
{
    let mut returned = Returned::Value;
    for bound in bounds {
        let TypeParamBound::Trait(bound) = bound else {
            continue;
        };
        let Some(last) = bound.path.segments.last() else {
            return Returned::Value;
        };
        let name = last.ident.to_string();
        match name.as_str() {
            "Future" => {
                returned = Returned::Future(Delayed { is_boxed, value: binding(last, "Output") });
            }
            "Stream" => {
                returned = Returned::Stream(Delayed { is_boxed, value: binding(last, "Item") });
            }
            kept if KEPT_BOUNDS.contains(&kept) => {}
            // A trait that a wrapper around the value wouldn't have.
            _ => return Returned::Value,
        }
    }
    returned
}

fn binding(segment: &PathSegment, name: &str) -> Option<Type> {
    arguments(segment).find_map(|argument| match argument {
        GenericArgument::AssocType(AssocType { ident, ty, .. }) if ident == name => {
            Some(ty.clone())
        }
        _ => None,
    })
}

fn type_arguments(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    arguments(segment).filter_map(|argument| match argument {
        GenericArgument::Type(written) => Some(written),
        _ => None,
    })
}

fn arguments(segment: &PathSegment) -> impl Iterator<Item = &GenericArgument> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten()
}

fn ungrouped(written: &Type) -> &Type {
    match written {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        _ => written,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn returned(signature: &str) -> String {
        let signature = syn::parse_str(signature).unwrap();
        let (name, delayed) = match Returned::of(&signature) {
            Returned::Value => return "value".to_owned(),
            Returned::Future(delayed) => ("future", delayed),
            Returned::Stream(delayed) => ("stream", delayed),
        };
        let name = if delayed.is_boxed { format!("boxed {name}") } else { name.to_owned() };
        let value = delayed.value.map(|value| value.to_token_stream().to_string());
        format!("{name} of {}", value.as_deref().unwrap_or("?"))
    }

    #[test]
    fn opaque_types() {
        assert_eq!(returned("fn f() -> impl Future<Output = u8>"), "future of u8");
        assert_eq!(
            returned("fn f() -> impl core::future::Future<Output = u8> + Send + 'a"),
            "future of u8"
        );
        assert_eq!(returned("fn f() -> impl Future + use<'a>"), "future of ?");
        assert_eq!(returned("fn f() -> (impl Stream<Item = u8> + Unpin)"), "stream of u8");
    }

    #[test]
    fn boxed_types() {
        for (text, expected) in [
            ("Pin<Box<dyn Future<Output = u8>>>", "boxed future of u8"),
            ("std::pin::Pin<Box<dyn Future<Output = u8> + Send + '_>>", "boxed future of u8"),
            ("BoxFuture<'a, u8>", "boxed future of ?"),
            ("futures::future::LocalBoxFuture<'_, u8>", "boxed future of ?"),
            ("Pin<Box<dyn Stream<Item = u8> + Send>>", "boxed stream of u8"),
            ("BoxStream<'static, u8>", "boxed stream of ?"),
        ] {
            assert_eq!(returned(&format!("fn f() -> {text}")), expected);
        }
    }

    #[test]
    fn what_may_not_live_long_enough_is_left_alone() {
        for (text, expected) in [
            ("fn f(&self) -> BoxFuture<U, E>", "value"),
            ("fn f(&self) -> Pin<Box<dyn Future<Output = Result<u8, E>> + Send>>", "value"),
            ("fn f<T>(x: T) -> Pin<Box<dyn Future<Output = T>>>", "value"),
            ("fn f<T: 'static>(x: T) -> Pin<Box<dyn Future<Output = T>>>", "boxed future of T"),
            ("fn f<T>(x: T) -> BoxFuture<T> where T: Send + 'static", "boxed future of ?"),
            ("fn f(&self) -> Pin<Box<dyn Future<Output = T> + '_>>", "boxed future of T"),
            ("fn f(&self) -> BoxFuture<'a, T>", "boxed future of ?"),
            ("fn f(&self) -> impl Future<Output = T>", "future of T"),
        ] {
            assert_eq!(returned(text), expected, "{text}");
        }
    }

    #[test]
    fn plain_values() {
        for text in [
            "async fn f() -> impl Future<Output = u8>",
            "fn f() -> impl Future<Output = u8> + Clone",
            "fn f() -> Result<impl Future<Output = u8>, E>",
            "fn f() -> impl Iterator<Item = u8>",
            "fn f() -> Pin<Box<T>>",
            "fn f() -> Pin<&mut dyn Future<Output = u8>>",
            "fn f() -> BoxFuture",
            "fn f()",
        ] {
            assert_eq!(returned(text), "value", "{text}");
        }
    }
}
