use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident};
use syn::spanned::Spanned;
use syn::{Attribute, Generics, Item, Member, Meta, Type};

use crate::diagnostics::Diagnostics;

/// A type below a derive.
pub(super) struct Input {
    pub(super) name: Ident,
    pub(super) generics: Generics,
    pub(super) said: Said,
    /// One without a name for a struct.
    pub(super) variants: Vec<Variant>,
}

/// What is between the parentheses of all `#[monitor(..)]` in one place.
pub(super) struct Said {
    pub(super) place: Span,
    pub(super) arguments: TokenStream,
}

/// A variant of an enum, or a struct.
pub(super) struct Variant {
    pub(super) name: Option<Ident>,
    pub(super) said: Said,
    pub(super) fields: Vec<Field>,
}

pub(super) struct Field {
    pub(super) member: Member,
    /// The variable that holds it: its name, or `_0`.
    pub(super) variable: Ident,
    pub(super) ty: Type,
    pub(super) said: Said,
    /// Whether another derive calls it the source.
    pub(super) is_source: bool,
}

impl Input {
    pub(super) fn read(
        derive: &str,
        tokens: TokenStream,
        diagnostics: &mut Diagnostics,
    ) -> syn::Result<Self> {
        match syn::parse2::<Item>(tokens)? {
            Item::Struct(item) => {
                let variant = Variant {
                    name: None,
                    said: Said::nothing(item.ident.span()),
                    fields: fields(&item.fields, diagnostics),
                };
                let said = Said::read(&item.attrs, item.ident.span(), diagnostics);
                let (name, generics) = (item.ident, item.generics);
                Ok(Self { name, generics, said, variants: vec![variant] })
            }
            Item::Enum(item) => {
                let said = Said::read(&item.attrs, item.ident.span(), diagnostics);
                let variants = item.variants.iter().map(|variant| Variant {
                    name: Some(variant.ident.clone()),
                    said: Said::read(&variant.attrs, variant.ident.span(), diagnostics),
                    fields: fields(&variant.fields, diagnostics),
                });
                let variants = variants.collect();
                Ok(Self { name: item.ident, generics: item.generics, said, variants })
            }
            other => Err(syn::Error::new_spanned(
                other,
                format!("`{derive}` goes on a `struct` or an `enum`"),
            )),
        }
    }

    pub(super) fn is_struct(&self) -> bool {
        matches!(self.variants.as_slice(), [Variant { name: None, .. }])
    }
}

impl Said {
    fn nothing(place: Span) -> Self {
        Self { place, arguments: TokenStream::new() }
    }

    fn read(attributes: &[Attribute], place: Span, diagnostics: &mut Diagnostics) -> Self {
        let mut said = Self::nothing(place);
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("monitor"))
        {
            said.place = attribute.path().span();
            match &attribute.meta {
                Meta::List(list) => {
                    if !said.arguments.is_empty() {
                        proc_macro2::Punct::new(',', proc_macro2::Spacing::Alone)
                            .to_tokens(&mut said.arguments);
                    }
                    said.arguments.extend(list.tokens.clone());
                }
                other => diagnostics
                    .over(other, "`#[monitor]` takes parentheses, as in `#[monitor(sensitive)]`"),
            }
        }
        said
    }
}

fn fields(fields: &syn::Fields, diagnostics: &mut Diagnostics) -> Vec<Field> {
    let numbered = fields.iter().zip(fields.members());
    let read = numbered.map(|(field, member)| {
        let variable = match &member {
            Member::Named(name) => name.clone(),
            Member::Unnamed(index) => format_ident!("_{}", index.index, span = field.ty.span()),
        };
        let is_source = |attribute: &Attribute| {
            attribute.path().is_ident("source") || attribute.path().is_ident("from")
        };
        Field {
            is_source: variable == "source" || field.attrs.iter().any(is_source),
            said: Said::read(&field.attrs, variable.span(), diagnostics),
            ty: field.ty.clone(),
            member,
            variable,
        }
    });
    read.collect()
}
