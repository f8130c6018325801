//! `#[monitor_runtime::main]`: monitoring around the program's `main`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{Attribute, Expr, Path, ReturnType, Type};

use crate::diagnostics::Diagnostics;
use crate::expand::{Runtime, failure, fallback, glue};
use crate::parse::{Function, Given, Item, Owner, Target};

const OWNER: Owner = Owner {
    name: "main",
    place: "",
    keys: &["config", "crate"],
    example: "#[monitor_runtime::main(config = Config::from_env())]",
};

/// The arguments.
struct Main {
    config: Option<Expr>,
    crate_path: Option<Path>,
}

/// What becomes of `main`. Not `enabled`: it stays as it is.
pub(crate) fn run(arguments: TokenStream, tokens: TokenStream, enabled: bool) -> TokenStream {
    let item = Item::read(&tokens);
    let mut diagnostics = Diagnostics::default();
    let mut given = Given::of(OWNER, Span::call_site(), arguments, &mut diagnostics);
    let main = Main {
        config: given.expression("config", "config = Config::from_env()"),
        crate_path: given.path("crate", "crate = my_crate::monitor_runtime"),
    };
    let function = match item.target() {
        Target::Function(function) => Some(function),
        _ => {
            diagnostics.at(Span::call_site(), "`#[main]` goes on the program's `fn main`");
            None
        }
    };
    if let Some(function) = &function {
        check(&item, function, &mut diagnostics);
    }
    match function {
        Some(function) if diagnostics.is_empty() && enabled => expand(&main, &item, &function),
        _ if diagnostics.is_empty() => tokens,
        _ => fallback(&item, diagnostics),
    }
}

fn check(item: &Item, function: &Function, diagnostics: &mut Diagnostics) {
    let signature = &function.signature;
    if signature.ident != "main" {
        diagnostics.over(&signature.ident, "`#[main]` goes on the program's `fn main`");
    }
    if !signature.inputs.is_empty() {
        diagnostics.over(&signature.inputs, "`main` takes no arguments");
    }
    let starts_runtime = item.attributes.iter().any(is_of_runtime);
    if let (Some(asyncness), false) = (&signature.asyncness, starts_runtime) {
        let message = "an async `main` needs a runtime: add its attribute, such as \
                       `#[tokio::main]`, above or below this one";
        diagnostics.at(asyncness.span, message);
    }
}

/// `#[tokio::main]`, `#[actix_web::main]`: every runtime calls it so.
fn is_of_runtime(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "main")
}

/// The function as it was, inside of one that sets monitoring up before and delivers after.
fn expand(main: &Main, item: &Item, function: &Function) -> TokenStream {
    let runtime = Runtime::new(main.crate_path.as_ref());
    let here = function.signature.ident.span();
    let (name, output) = (&function.signature.ident, &function.signature.output);
    let class = quote_spanned! {glue()=> #runtime::Callsite };
    let arguments = quote_spanned! {glue()=> "function", "main", ::core::module_path!() };
    let new = quote_spanned! {here=> <#class>::new(#arguments) };
    let config = match &main.config {
        Some(config) => config.to_token_stream(),
        None => quote_spanned! {glue()=> #runtime::Config::from_env() },
    };
    let start = quote_spanned! {glue()=>
        let __monitor_guard = #runtime::start(#config, #runtime::release!());
    };
    let body = if never_returns(output) {
        quote_spanned! {glue()=> #start #name() }
    } else {
        let failure = failure(returned(output), &runtime);
        quote_spanned! {glue()=>
            static __MONITOR_CALLSITE: #class = #new.no_span().capture().is_main();
            #start
            let mut __monitor_span = #runtime::begin(&__MONITOR_CALLSITE);
            let __monitor_out = #name();
            #runtime::exit(&mut __monitor_span, &__monitor_out, |__o, __e| { #failure });
            ::core::mem::drop((__monitor_span, __monitor_guard));
            __monitor_out
        }
    };
    let (visibility, attributes) = (&function.visibility, &item.attributes);
    let private = item.rest.iter().skip(visibility.to_token_stream().into_iter().count());
    quote_spanned! {glue()=>
        #visibility fn #name() #output { #(#attributes)* #(#private)* #body }
    }
}

fn returned(output: &ReturnType) -> Option<&Type> {
    match output {
        ReturnType::Type(_, returned) => Some(returned),
        ReturnType::Default => None,
    }
}

fn never_returns(output: &ReturnType) -> bool {
    matches!(returned(output), Some(Type::Never(_)))
}
