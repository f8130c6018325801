use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{GenericArgument, PathArguments, ReturnType, Type};

use super::glue;

/// The return type as it can be written inside a body: `impl Trait` becomes `_`.
pub(crate) fn nameable(output: &ReturnType) -> TokenStream {
    match output {
        ReturnType::Default => quote_spanned! {glue()=> () },
        ReturnType::Type(_, written) => nameable_type(written),
    }
}

/// The same for any type.
pub(crate) fn nameable_type(written: &Type) -> TokenStream {
    let mut erased = written.clone();
    erase(&mut erased);
    erased.into_token_stream()
}

fn erase(written: &mut Type) {
    match written {
        Type::ImplTrait(_) => {
            *written = Type::Verbatim(quote_spanned! {glue()=> _ });
        }
        Type::Array(array) => erase(&mut array.elem),
        Type::Group(group) => erase(&mut group.elem),
        Type::Paren(paren) => erase(&mut paren.elem),
        Type::Ptr(pointer) => erase(&mut pointer.elem),
        Type::Reference(reference) => erase(&mut reference.elem),
        Type::Slice(slice) => erase(&mut slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(erase),
        Type::Path(path) => {
            for segment in &mut path.path.segments {
                erase_arguments(&mut segment.arguments);
            }
        }
        _ => {}
    }
}

fn erase_arguments(arguments: &mut PathArguments) {
    let PathArguments::AngleBracketed(arguments) = arguments else {
        return;
    };
    for argument in &mut arguments.args {
        if let GenericArgument::Type(written) = argument {
            erase(written);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn erased(text: &str) -> String {
        nameable(&syn::parse_str(text).unwrap()).to_string().replace(' ', "")
    }

    #[test]
    fn every_place_of_an_opaque_type() {
        assert_eq!(erased("-> impl Iterator<Item = u8>"), "_");
        assert_eq!(
            erased("-> Result<(impl Fn(), u8), Box<[impl Send; 2]>>"),
            "Result<(_,u8),Box<[_;2]>>"
        );
        assert_eq!(erased("-> Result<&'a str, E>"), "Result<&'astr,E>");
        assert_eq!(erased(""), "()");
    }
}
