//! parse -> model -> check -> expand; on a mistake: the item, and all the mistakes.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

use crate::diagnostics::Diagnostics;
use crate::expand::{companion, expand, fallback};
use crate::model::{Plan, check, check_block, report_lone_skip};
use crate::parse::{AttributeKind, Block, Function, Item, Stacked, Target, was_taken};

/// What holds for the whole build.
pub(crate) struct Build<'a> {
    /// Without a backend: arguments are read and checked, and the item is returned as it came.
    pub(crate) enabled: bool,
    /// What the variable `MONITOR_DENY` forbids.
    pub(crate) denied: &'a str,
}

/// What becomes of the item below an attribute.
pub(crate) fn run(
    kind: AttributeKind,
    arguments: TokenStream,
    tokens: TokenStream,
    build: &Build<'_>,
) -> TokenStream {
    if was_taken(&arguments) {
        return tokens;
    }
    let mut item = Item::read(&tokens);
    let outermost = Stacked::new(kind, Span::call_site(), arguments);
    match item.target() {
        Target::Function(function) => on_function(outermost, &mut item, *function, tokens, build),
        Target::Block(block) => on_block(&outermost, &mut item, &block),
        other => {
            // One clear error: what the arguments say doesn't matter here.
            outermost.with_siblings(&mut item, &mut Diagnostics::default());
            let mut diagnostics = Diagnostics::default();
            diagnostics.add(refusal(kind, &other));
            fallback(&item, diagnostics)
        }
    }
}

fn on_function(
    outermost: Stacked,
    item: &mut Item,
    function: Function,
    tokens: TokenStream,
    build: &Build<'_>,
) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let kind = outermost.kind;
    let stack = outermost.with_siblings(item, &mut diagnostics);
    let mut plan = Plan::read(stack, &mut diagnostics);
    plan.check_prefix(&mut diagnostics);
    plan.fill(&function);
    plan.fit(&function);
    check(&plan, &function, build.denied, &mut diagnostics);
    if !diagnostics.is_empty() {
        return fallback(item, diagnostics);
    }
    // Switched off, the siblings stay where they are, and each looks after itself.
    let is_due = build.enabled || kind == AttributeKind::HealthCheck;
    let beside = is_due.then(|| companion(&plan, item, &function));
    let mut expanded = if !build.enabled {
        tokens
    } else if plan.is_empty() {
        item.to_token_stream()
    } else {
        expand(&plan, item, function)
    };
    expanded.extend(beside);
    expanded
}

/// Each function of the block gets the attribute, and expands by itself; so does each block in it.
fn on_block(attribute: &Stacked, item: &mut Item, block: &Block) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    if attribute.skips() {
        if !attribute.disinherit(item) {
            report_lone_skip(attribute, &mut diagnostics);
        }
        return fallback(item, diagnostics);
    }
    check_block(attribute, item, &mut diagnostics);
    match block.with_attribute(&attribute.to_inherit()) {
        Ok(block) if diagnostics.is_empty() => item.with_rest(block),
        Ok(_) => fallback(item, diagnostics),
        Err(mistake) => {
            diagnostics.add(mistake);
            fallback(item, diagnostics)
        }
    }
}

fn refusal(kind: AttributeKind, target: &Target) -> syn::Error {
    let (place, message) = match target {
        Target::Function(_) | Target::Block(_) => (Span::call_site(), String::new()),
        Target::ConstFunction(constness) => (
            constness.span(),
            format!(
                "{kind} can't go on a `const fn`: no span can start while the program is compiled; \
                 remove `const`, or move the attribute to the caller"
            ),
        ),
        Target::Bodiless(keyword) => (
            keyword.span(),
            format!(
                "{kind} needs a function with a body; \
                 put it on the functions that implement this one"
            ),
        ),
        Target::Other(keyword) => (
            keyword.span(),
            format!("{kind} goes on a function, and this is {}", described(&keyword.to_string())),
        ),
        Target::Unreadable(mistake) => {
            (mistake.span(), format!("{kind} can't read this function: {mistake}"))
        }
    };
    syn::Error::new(place, message)
}

fn described(keyword: &str) -> String {
    match keyword {
        "mod" => "a module in another file; put it on the functions there".to_owned(),
        "enum" => "an `enum`".to_owned(),
        "use" => "an import".to_owned(),
        "let" => "a `let` statement".to_owned(),
        "macro_rules" | "macro" => "a macro".to_owned(),
        _ => format!("a `{keyword}`"),
    }
}
