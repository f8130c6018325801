//! `#[derive(MonitorError)]`

mod expand;
mod said;
mod severity;
mod transparent;

use proc_macro2::TokenStream;

use super::{Fields, Input, Variant, glue, runtime};
use crate::diagnostics::Diagnostics;
use crate::expand::Runtime;
use crate::parse::{Given, Owner};

use expand::Arm;
use said::Said;

/// What goes for a whole enum, and for each of its variants unless that says something else.
const TYPE_KEYS: &[&str] = &[
    "expected",
    "level",
    "severity",
    "category",
    "fingerprint",
    "tags",
    "context",
    "sensitive",
    "crate",
];
const STRUCT_KEYS: &[&str] = &[
    "expected",
    "level",
    "severity",
    "category",
    "fingerprint",
    "tags",
    "context",
    "sensitive",
    "transparent",
    "crate",
];
const VARIANT_KEYS: &[&str] = &[
    "expected",
    "unexpected",
    "level",
    "severity",
    "category",
    "fingerprint",
    "tags",
    "context",
    "sensitive",
    "transparent",
];
const FIELD_KEYS: &[&str] = &["tag", "context", "sensitive", "backtrace"];

const fn owner(place: &'static str, keys: &'static [&'static str]) -> Owner {
    Owner { name: "monitor", place, keys, example: r#"#[monitor(category = "payment")]"# }
}

pub(super) fn derive(input: &Input, diagnostics: &mut Diagnostics) -> TokenStream {
    let is_struct = input.is_struct();
    let owner = match is_struct {
        true => owner(" on an error", STRUCT_KEYS),
        false => owner(" on an error", TYPE_KEYS),
    };
    let tokens = input.said.arguments.clone();
    let mut given = Given::of(owner, input.said.place, tokens, diagnostics);
    let runtime = runtime(&mut given);
    let arms = match input.variants.as_slice() {
        [only] if is_struct => vec![of_struct(only, given, &runtime)],
        variants => {
            let shared = Said::read(&mut given);
            shared.check(&mut Fields::none(), diagnostics);
            variants
                .iter()
                .map(|variant| of_variant(variant, &shared, &runtime, diagnostics))
                .collect()
        }
    };
    expand::implementation(input, arms, diagnostics, &runtime)
}

fn of_struct(variant: &Variant, mut given: Given<'_>, runtime: &Runtime) -> Arm {
    let mut said = Said::read(&mut given);
    let diagnostics = given.into_diagnostics();
    arm(variant, &mut said, runtime, diagnostics)
}

fn of_variant(
    variant: &Variant,
    shared: &Said,
    runtime: &Runtime,
    diagnostics: &mut Diagnostics,
) -> Arm {
    let tokens = variant.said.arguments.clone();
    let owner = owner(" on a variant", VARIANT_KEYS);
    let mut given = Given::of(owner, variant.said.place, tokens, diagnostics);
    let mut said = Said::read(&mut given);
    said.inherit(shared);
    arm(variant, &mut said, runtime, diagnostics)
}

/// Everything that one variant says, its fields included.
fn arm(
    variant: &Variant,
    said: &mut Said,
    runtime: &Runtime,
    diagnostics: &mut Diagnostics,
) -> Arm {
    let mut fields = Fields::of(variant);
    if let Some(place) = said.transparent {
        let source = transparent::source(variant, place, said, &mut fields, diagnostics);
        return expand::transparent(variant, &fields, source, runtime);
    }
    for field in &variant.fields {
        let owner = owner(" on a field", FIELD_KEYS);
        let tokens = field.said.arguments.clone();
        let mut given = Given::of(owner, field.said.place, tokens, diagnostics);
        said.read_field(field, &mut given, &mut fields);
    }
    said.check(&mut fields, diagnostics);
    expand::arm(variant, said, &mut fields, runtime, diagnostics)
}
