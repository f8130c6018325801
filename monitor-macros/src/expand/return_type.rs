use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::{GenericArgument, Lifetime, PathArguments, ReturnType, Type, TypeParamBound};

use super::glue;

/// The return type as it can be written inside a body: `impl Trait` becomes `_`, and lifetimes are found by the
/// compiler, for whose lints those of the function would count as used.
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
        Type::Reference(reference) => {
            if reference.lifetime.as_ref().is_some_and(is_named) {
                reference.lifetime = None;
            }
            erase(&mut reference.elem);
        }
        Type::Slice(slice) => erase(&mut slice.elem),
        Type::TraitObject(object) => object.bounds.iter_mut().for_each(erase_bound),
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
        match argument {
            GenericArgument::Type(written) => erase(written),
            GenericArgument::Lifetime(lifetime) => erase_lifetime(lifetime),
            _ => {}
        }
    }
}

fn erase_bound(bound: &mut TypeParamBound) {
    match bound {
        TypeParamBound::Lifetime(lifetime) => erase_lifetime(lifetime),
        // Those of `for<'a>` are its own.
        TypeParamBound::Trait(bound) if bound.lifetimes.is_none() => {
            for segment in &mut bound.path.segments {
                erase_arguments(&mut segment.arguments);
            }
        }
        _ => {}
    }
}

fn erase_lifetime(lifetime: &mut Lifetime) {
    if is_named(lifetime) {
        *lifetime = Lifetime::new("'_", lifetime.span());
    }
}

fn is_named(lifetime: &Lifetime) -> bool {
    lifetime.ident != "static" && lifetime.ident != "_"
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
        assert_eq!(erased("-> Result<&'a str, E>"), "Result<&str,E>");
        assert_eq!(erased("-> Cow<'a, &'static str>"), "Cow<'_,&'staticstr>");
        assert_eq!(
            erased("-> Box<dyn Keep<'a> + for<'b> Fn(&'b u8) + 'a>"),
            "Box<dynKeep<'_>+for<'b>Fn(&'bu8)+'_>"
        );
        assert_eq!(erased(""), "()");
    }
}
