//! `Result<T, Box<dyn Error>>`, written out.

use syn::{GenericArgument, PathArguments, PathSegment, Type, TypeParamBound};

/// Whether the error is written as a box that borrows nothing: what is inside can be found then.
/// Of an alias nobody can say; a lifetime says that it may borrow.
pub(crate) fn is_boxed_error(value: &Type) -> bool {
    let Some(segment) = last_segment(value) else { return false };
    let arguments: Vec<&Type> = types(segment).collect();
    match (segment.ident.to_string().as_str(), arguments.as_slice()) {
        ("Option" | "Poll", [inside]) => is_boxed_error(inside),
        ("Result", [.., error]) => is_owning_box(error),
        _ => false,
    }
}

/// In a return type `Box<dyn Trait>` is `Box<dyn Trait + 'static>`.
fn is_owning_box(error: &Type) -> bool {
    let Some(segment) = last_segment(error).filter(|segment| segment.ident == "Box") else {
        return false;
    };
    let Some(Type::TraitObject(object)) = types(segment).next() else { return false };
    object.bounds.iter().all(|bound| match bound {
        TypeParamBound::Lifetime(lifetime) => lifetime.ident == "static",
        _ => true,
    })
}

fn last_segment(written: &Type) -> Option<&PathSegment> {
    match written {
        Type::Group(group) => last_segment(&group.elem),
        Type::Paren(paren) => last_segment(&paren.elem),
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

fn types(segment: &PathSegment) -> impl Iterator<Item = &Type> {
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => Some(&arguments.args),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Type(written) => Some(written),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_that_own_are_told_from_others() {
        let is = |text: &str| is_boxed_error(&syn::parse_str(text).unwrap());
        for text in [
            "Result<u8, Box<dyn Error>>",
            "std::result::Result<&'a u8, Box<dyn std::error::Error + Send + Sync + 'static>>",
            "Option<Result<(), Box<dyn Error + Send>>>",
            "Poll<Option<Result<(), std::boxed::Box<dyn Error>>>>",
        ] {
            assert!(is(text), "{text}");
        }
        for text in [
            "Result<u8, Box<dyn Error + '_>>",
            "Result<u8, Box<dyn Error + Send + 'a>>",
            "Result<Box<dyn Error>, u8>",
            "Result<u8, Box<Failed>>",
            "Result<u8, BoxError>",
            "Result<u8>",
            "Answer",
            "u8",
        ] {
            assert!(!is(text), "{text}");
        }
    }
}
