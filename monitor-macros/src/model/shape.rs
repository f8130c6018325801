use proc_macro2::Ident;
use syn::{GenericArgument, Path, PathArguments, ReturnType, Type};

/// What the written return type says about the value.
///
/// Only what is certain counts: every name that isn't listed here may stand for a `Result`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `-> !`
    Never,
    /// A value that can't be an error.
    Plain,
    /// An `Option`: an error only where errors are captured.
    Optional,
    /// A `Result`, or a type that may be one.
    Outcome,
}

/// The names of scalars: plain to return, and nothing to drop.
const SCALARS: [&str; 17] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32",
    "u64", "u128", "usize", "str",
];

/// Types of the standard library that are no outcome.
const PLAIN_TYPES: [&str; 15] = [
    "String",
    "Vec",
    "Box",
    "Rc",
    "Arc",
    "HashMap",
    "BTreeMap",
    "HashSet",
    "PathBuf",
    "Duration",
    "Instant",
    "SystemTime",
    "Cow",
    "str",
    "Self",
];

impl Shape {
    pub(crate) fn of(output: &ReturnType) -> Self {
        match output {
            ReturnType::Default => Self::Plain,
            ReturnType::Type(_, written) => Self::of_type(written),
        }
    }

    pub(crate) fn of_type(written: &Type) -> Self {
        match written {
            Type::Never(_) => Self::Never,
            Type::Group(group) => Self::of_type(&group.elem),
            Type::Paren(paren) => Self::of_type(&paren.elem),
            Type::Tuple(_)
            | Type::Reference(_)
            | Type::Array(_)
            | Type::Slice(_)
            | Type::Ptr(_)
            | Type::FnPtr(_)
            | Type::ImplTrait(_)
            | Type::TraitObject(_) => Self::Plain,
            Type::Path(path) if path.qself.is_none() && is_option(&path.path) => {
                if holds_result(&path.path) { Self::Outcome } else { Self::Optional }
            }
            Type::Path(path) if path.qself.is_none() && is_plain(&path.path) => Self::Plain,
            _ => Self::Outcome,
        }
    }
}

/// Whether dropping a value of this type does nothing that anybody could see.
pub(crate) fn is_cheap_to_drop(written: &Type) -> bool {
    match written {
        Type::Group(group) => is_cheap_to_drop(&group.elem),
        Type::Paren(paren) => is_cheap_to_drop(&paren.elem),
        Type::Reference(_) | Type::Ptr(_) | Type::FnPtr(_) => true,
        Type::Path(path) => path.path.get_ident().is_some_and(is_scalar),
        _ => false,
    }
}

fn is_plain(path: &Path) -> bool {
    match (path.segments.len(), path.segments.last()) {
        (1, Some(only)) if is_scalar(&only.ident) => true,
        // `Self::Output` ends in a name of its own.
        (_, Some(last)) => PLAIN_TYPES.iter().any(|plain| last.ident == plain),
        (_, None) => false,
    }
}

fn is_option(path: &Path) -> bool {
    path.segments.last().is_some_and(|last| last.ident == "Option")
}

/// `Option<Result<..>>`
fn holds_result(path: &Path) -> bool {
    let Some(PathArguments::AngleBracketed(inside)) =
        path.segments.last().map(|last| &last.arguments)
    else {
        return false;
    };
    matches!(inside.args.first(), Some(GenericArgument::Type(Type::Path(inner)))
        if inner.path.segments.last().is_some_and(|last| last.ident == "Result"))
}

fn is_scalar(name: &Ident) -> bool {
    SCALARS.iter().any(|scalar| name == scalar)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(text: &str) -> Shape {
        Shape::of(&syn::parse_str::<ReturnType>(text).unwrap())
    }

    #[test]
    fn plain_types() {
        for text in [
            "",
            "-> ()",
            "-> u64",
            "-> &str",
            "-> &'a mut Result<u8, E>",
            "-> (Result<u8, E>, u8)",
            "-> [u8; 4]",
            "-> *const u8",
            "-> fn() -> Result<u8, E>",
            "-> impl Future<Output = u8>",
            "-> Box<dyn Error>",
            "-> Self",
            "-> std::vec::Vec<u8>",
            "-> (String)",
        ] {
            assert_eq!(shape(text), Shape::Plain, "{text}");
        }
    }

    #[test]
    fn anything_else_may_be_a_result() {
        for text in [
            "-> Result<u8, E>",
            "-> io::Result<()>",
            "-> Answer",
            "-> Self::Output",
            "-> <T as Service>::Response",
            "-> Poll<u8>",
            "-> T",
            "-> my::u64",
        ] {
            assert_eq!(shape(text), Shape::Outcome, "{text}");
        }
    }

    #[test]
    fn options() {
        assert_eq!(shape("-> Option<u8>"), Shape::Optional);
        assert_eq!(shape("-> core::option::Option<io::Result<u8>>"), Shape::Outcome);
    }

    #[test]
    fn never_is_its_own_shape() {
        assert_eq!(shape("-> !"), Shape::Never);
    }
}
