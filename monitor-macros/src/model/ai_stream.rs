//! Whether a value is a stream, by its type's name: the compiler checks the rest.

use syn::{GenericArgument, PathArguments, PathSegment, Type, TypeParamBound};

use super::AiCall;

/// How a stream lies in a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StreamIn {
    /// The type has a name, and gets the same type back: `Pin<Box<dyn Stream>>` or an alias.
    Named,
    /// `impl Stream`
    Opaque,
    /// `Result<impl Stream, E>`
    OpaqueInResult,
}

impl StreamIn {
    /// How the stream lies in a value of which is known that it holds one.
    pub(crate) fn of(value: &Type) -> Self {
        match (ungrouped(value), inside(value)) {
            (Type::ImplTrait(_), _) => Self::Opaque,
            (_, Some(Type::ImplTrait(_))) => Self::OpaqueInResult,
            _ => Self::Named,
        }
    }
}

impl AiCall {
    /// Where the stream of the model's answer lies in the value, if there is one.
    pub(crate) fn stream_in(&self, value: Option<&Type>) -> Option<StreamIn> {
        let value = value?;
        self.stream.unwrap_or_else(|| is_or_holds_stream(value)).then(|| StreamIn::of(value))
    }
}

/// Whether the name of the type, or that of what is inside a `Result`, is one of a stream.
fn is_or_holds_stream(value: &Type) -> bool {
    is_stream(value) || inside(value).is_some_and(is_stream)
}

/// The first argument of `Result<..>`, `Option<..>`, or of an alias called so.
fn inside(value: &Type) -> Option<&Type> {
    let segment = last_segment(value)?;
    let name = segment.ident.to_string();
    if name.ends_with("Result") || name == "Option" { first_argument(segment) } else { None }
}

fn is_stream(value: &Type) -> bool {
    match ungrouped(value) {
        Type::ImplTrait(opaque) => opaque.bounds.iter().any(is_stream_bound),
        Type::TraitObject(object) => object.bounds.iter().any(is_stream_bound),
        written => last_segment(written).is_some_and(|segment| {
            let pointer = segment.ident == "Pin" || segment.ident == "Box";
            segment.ident.to_string().ends_with("Stream")
                || pointer && first_argument(segment).is_some_and(is_stream)
        }),
    }
}

fn is_stream_bound(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Trait(bound)
        if bound.path.segments.last().is_some_and(|last| last.ident == "Stream"))
}

fn last_segment(value: &Type) -> Option<&PathSegment> {
    match ungrouped(value) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn first_argument(segment: &PathSegment) -> Option<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(written) => Some(written),
        _ => None,
    })
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

    fn parsed(text: &str) -> Type {
        syn::parse_str(text).unwrap()
    }

    #[test]
    fn streams_by_their_names() {
        for text in [
            "Result<ChatCompletionResponseStream, OpenAIError>",
            "io::Result<Pin<Box<dyn Stream<Item = u8> + Send>>>",
            "ApiResult<BoxStream<'static, u8>>",
            "Option<impl Stream<Item = u8> + 'a>",
            "client::ChatStream",
        ] {
            assert!(is_or_holds_stream(&parsed(text)), "{text}");
        }
        for text in ["Result<Answer, StreamError>", "Vec<XStream>", "Streams", "(XStream, u8)"] {
            assert!(!is_or_holds_stream(&parsed(text)), "{text}");
        }
    }

    #[test]
    fn where_the_stream_lies() {
        assert_eq!(StreamIn::of(&parsed("Result<XStream, E>")), StreamIn::Named);
        assert_eq!(StreamIn::of(&parsed("impl Stream")), StreamIn::Opaque);
        assert_eq!(StreamIn::of(&parsed("Result<impl Stream, E>")), StreamIn::OpaqueInResult);
    }
}
