//! What an attribute on an `impl` block or a trait may say, and what of it fits one function.

use super::check::argument_names;
use super::plan::report_second;
use super::{Content, Context, ErrorKind, Plan, Recorded, Shape, Text};
use crate::diagnostics::Diagnostics;
use crate::parse::{AttributeKind, Function, Item, Stacked};

/// Reports every mistake in the attribute of a block.
pub(crate) fn check_block(attribute: &Stacked, item: &Item, diagnostics: &mut Diagnostics) {
    let kind = attribute.kind;
    if !kind.goes_on_blocks() {
        let message = format!("{kind} goes on a function, and this is a block of them");
        return diagnostics.at(attribute.place, message);
    }
    for other in attribute.others_of_its_kind(item) {
        report_second(kind, other, attribute.place, diagnostics);
    }
    let mut read = attribute.clone();
    read.is_inherited = true;
    let plan = Plan::read(vec![read], diagnostics);
    if let Some(Text::Literal(name)) = plan.traced.and_then(|traced| traced.name) {
        let message = format!(
            "every function of the block would be called `{name}`; \
             leave `name` out, or write `prefix = \"{name}::\"`"
        );
        diagnostics.at(attribute.place_of("name"), message);
    }
    if plan.slow.is_some_and(|slow| slow.rows.is_some()) {
        let message = "`rows` reads the value of one function; put it on that function";
        diagnostics.at(attribute.place_of("rows"), message);
    }
}

impl Plan {
    /// Leaves out what the block says and this function has nothing of.
    pub(crate) fn fit(&mut self, function: &Function) {
        let signature = &function.signature;
        let capture = AttributeKind::CaptureErrors;
        let unfit = self.capture.as_ref().is_some_and(|capture| !capture.panics)
            && Shape::of_outcome(signature) != Shape::Outcome;
        if unfit && self.inherits_all(capture) {
            let kind = self.capture.take().and_then(|capture| capture.kind);
            self.does = kind.and_then(ErrorKind::for_metrics);
        }
        let names = argument_names(signature);
        let inherited = self.inherited.clone();
        let of_block = |kind, key| inherits(&inherited, kind, key);
        if let Some(traced) = &mut self.traced {
            keep(of_block(AttributeKind::Traced, "fields"), &mut traced.fields, &names);
            keep(of_block(AttributeKind::Traced, "tags"), &mut traced.tags, &names);
            keep_in(of_block(AttributeKind::Traced, "context"), &mut traced.contexts, &names);
        }
        if let Some(errors) = &mut self.capture {
            keep(of_block(capture, "tags"), &mut errors.tags, &names);
            keep_in(of_block(capture, "context"), &mut errors.contexts, &names);
        }
    }
}

/// Whether the block says this, not the function.
fn inherits(inherited: &[(AttributeKind, Option<String>)], kind: AttributeKind, key: &str) -> bool {
    inherited.iter().any(|(from, inherited)| {
        *from == kind && inherited.as_ref().is_none_or(|inherited| inherited == key)
    })
}

/// Keeps the values that this function has.
fn keep(is_inherited: bool, values: &mut Vec<Recorded>, names: &[String]) {
    if is_inherited {
        values.retain(|value| {
            let variable = value.shorthand.as_ref().map(ToString::to_string);
            variable.is_none_or(|variable| names.contains(&variable))
        });
    }
}

fn keep_in(is_inherited: bool, contexts: &mut [Context], names: &[String]) {
    for context in contexts {
        if let Content::Values(values) = &mut context.content {
            keep(is_inherited, values, names);
        }
    }
}
