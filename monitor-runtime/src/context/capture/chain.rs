//! An error and its sources as plain data. All of it is code of the program: callers run it where
//! nothing is recorded.

use std::backtrace::BacktraceStatus;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use super::super::text::{AsDebug, bounded, write_bounded};
use super::spare::Place;
use super::type_name::{TypeName, is_stack};
use crate::record::{
    ErrorStack, ErrorView, Exception, Failure, StackFrame, Text, backtrace_in_debug,
    parse_backtrace,
};

/// Bytes of an error's text: Sentry cuts exception values there.
pub(crate) const MAX_ERROR_TEXT: usize = 8192;
/// Bytes of a report that are searched for its backtrace: some 1,000 frames.
const MAX_BACKTRACE: usize = 256 * 1024;
/// Errors of one chain; a chain that loops stops here.
const MAX_CHAIN: usize = 50;

/// An error and its sources.
pub(super) struct Chain {
    /// The error itself.
    pub(super) outermost: Place,
    /// Its sources, the nearest first. Most errors have none.
    pub(super) sources: Vec<Exception>,
}

impl Chain {
    /// All of them, the outermost first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Exception> {
        std::iter::once(&*self.outermost).chain(&self.sources)
    }

    /// The one that tells errors apart.
    #[inline]
    pub(super) fn into_innermost(self) -> Place {
        // Most errors have no source.
        if self.sources.is_empty() { self.outermost } else { self.into_last() }
    }

    #[cold]
    fn into_last(mut self) -> Place {
        self.sources.pop().map_or(self.outermost, Place::of)
    }

    /// Reads an error into it, of which nothing is there yet but room for its text.
    pub(super) fn read(&mut self, failure: &Failure<'_>) {
        match failure.view {
            ErrorView::Stack(stack, _) => self.set(listed(stack, failure.type_name)),
            ErrorView::Display(value) if is_stack(failure.type_name) => {
                self.set(stack(value, TypeName::of_path(failure.type_name)));
            }
            view => {
                let name = name(failure);
                let outermost = &mut *self.outermost;
                (outermost.type_name, outermost.module) = (name.name, name.module);
                write_text(view, &mut outermost.value);
                if let Some(error) = view.as_error() {
                    self.sources = read_sources(error);
                }
                self.read_backtrace(view);
            }
        }
    }

    fn read_backtrace(&mut self, view: ErrorView<'_>) {
        match view {
            ErrorView::Report(_, report) => self.outermost.frames = backtrace(report),
            view if backtraces_are_on() => add_backtrace(self, view),
            _ => {}
        }
    }

    fn set(&mut self, exceptions: Vec<Exception>) {
        let mut exceptions = exceptions.into_iter();
        if let Some(outermost) = exceptions.next() {
            *self.outermost = outermost;
        }
        self.sources = exceptions.collect();
    }

    fn get_mut(&mut self, at: usize) -> Option<&mut Exception> {
        match at {
            0 => Some(&mut self.outermost),
            at => self.sources.get_mut(at - 1),
        }
    }
}

/// Reads an error and its sources.
pub(super) fn chain(failure: &Failure<'_>) -> Chain {
    let mut chain = Chain { outermost: Place::take(), sources: Vec::new() };
    chain.read(failure);
    chain
}

fn name(failure: &Failure<'_>) -> TypeName {
    match failure.view {
        ErrorView::Known(error) | ErrorView::Report(error, _) => TypeName::of_known(error),
        ErrorView::Monitored(error) => TypeName::of_typed(failure.type_name, error),
        ErrorView::Error(error) => TypeName::of_typed(failure.type_name, error),
        _ => TypeName::of_path(failure.type_name),
    }
}

/// Writes what the outermost error says.
fn write_text(view: ErrorView<'_>, text: &mut String) {
    let mut write = |shown: &dyn Display| write_bounded(text, shown, MAX_ERROR_TEXT);
    match view {
        ErrorView::Display(value) => write(value),
        ErrorView::Debug(value) => write(&AsDebug(value)),
        ErrorView::Opaque | ErrorView::Stack(..) => {}
        ErrorView::Known(error) | ErrorView::Report(error, _) => write(&error),
        ErrorView::Monitored(error) => write(&error),
        ErrorView::Error(error) => write(&error),
    }
}

/// The errors of a report that lists them, of which the outermost is of a type that is known.
fn listed(stack: &dyn ErrorStack, type_name: &'static str) -> Vec<Exception> {
    let mut exceptions: Vec<_> =
        stack.errors().into_iter().take(MAX_CHAIN).map(exception).collect();
    if let Some(outermost) = exceptions.first_mut() {
        let name = TypeName::of_path(type_name);
        (outermost.type_name, outermost.module) = (name.name, name.module);
    }
    let backtrace = stack.backtrace().filter(|b| b.status() == BacktraceStatus::Captured);
    if let (Some(innermost), Some(backtrace)) = (exceptions.last_mut(), backtrace) {
        innermost.frames = parse_backtrace(&backtrace.to_string());
    }
    exceptions
}

/// A report of error-stack without the feature for it: with `#` its `Display` says the errors
/// below, too.
fn stack(report: &dyn Display, name: TypeName) -> Vec<Exception> {
    let value = bounded(report, MAX_ERROR_TEXT);
    let all = bounded(&format_args!("{report:#}"), MAX_ERROR_TEXT);
    let below = all.strip_prefix(value.as_str()).and_then(|rest| rest.strip_prefix(": "));
    let source = |text: &str| {
        let name = TypeName { name: Text::Borrowed("Error"), module: None };
        new(name, text.to_owned())
    };
    let below = below.map(source);
    std::iter::once(new(name, value)).chain(below).collect()
}

/// The frames of the backtrace that a report shows behind its errors.
fn backtrace(report: &dyn Debug) -> Vec<StackFrame> {
    if !backtraces_are_on() {
        return Vec::new();
    }
    let text = bounded(&AsDebug(report), MAX_BACKTRACE);
    text.rsplit_once("Stack backtrace:").map_or_else(Vec::new, |(_, text)| parse_backtrace(text))
}

/// Gives the innermost error that has a backtrace among its fields its frames. Nothing else says
/// that it has one than its `Debug`, which shows those of its sources, too.
fn add_backtrace(chain: &mut Chain, view: ErrorView<'_>) {
    let frames = |error: &dyn Error| backtrace_in_debug(&bounded(&AsDebug(&error), MAX_BACKTRACE));
    let mut found = view.as_error().map_or_else(Vec::new, frames);
    let mut place = 0;
    for (at, source) in sources(view).enumerate() {
        let inside = if found.is_empty() { Vec::new() } else { frames(source) };
        if inside.is_empty() {
            break;
        }
        (found, place) = (inside, at + 1);
    }
    if let Some(exception) = chain.get_mut(place) {
        exception.frames = found;
    }
}

/// Whether errors capture backtraces: otherwise there are none, and a large `Debug` need not be
/// made.
fn backtraces_are_on() -> bool {
    static IS_ON: OnceLock<bool> = OnceLock::new();
    let variables = ["RUST_LIB_BACKTRACE", "RUST_BACKTRACE"];
    let first = || variables.iter().find_map(std::env::var_os);
    *IS_ON.get_or_init(|| first().is_some_and(|value| value != "0"))
}

/// The sources of an error, the nearest first.
pub(super) fn sources<'a>(view: ErrorView<'a>) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let listed = match view {
        ErrorView::Stack(stack, _) => stack.errors(),
        _ => Vec::new(),
    };
    listed.into_iter().skip(1).chain(below(view.as_error().and_then(source))).take(MAX_CHAIN - 1)
}

fn read_sources(error: &dyn Error) -> Vec<Exception> {
    // Most errors have none.
    let Some(first) = source(error) else { return Vec::new() };
    below(Some(first)).take(MAX_CHAIN - 1).map(exception).collect()
}

/// This error and its sources.
fn below<'a>(
    first: Option<&'a (dyn Error + 'static)>,
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(first, |error| source(*error))
}

/// `Error::source`, which is code of the user and may panic.
fn source<'a>(error: &'a (dyn Error + 'a)) -> Option<&'a (dyn Error + 'static)> {
    catch_unwind(AssertUnwindSafe(|| error.source())).ok().flatten()
}

fn exception(error: &(dyn Error + 'static)) -> Exception {
    new(TypeName::of_known(error), bounded(&error, MAX_ERROR_TEXT))
}

fn new(name: TypeName, value: String) -> Exception {
    Exception { type_name: name.name, value, module: name.module, frames: Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Looping;

    impl Display for Looping {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("again")
        }
    }

    impl Error for Looping {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&Self)
        }
    }

    #[test]
    fn a_chain_that_loops_ends() {
        let failure = Failure { type_name: "", view: ErrorView::Error(&Looping) };
        let chain = chain(&failure);
        assert_eq!(chain.iter().count(), MAX_CHAIN);
        assert_eq!(chain.sources[0].type_name, "Looping");
    }

    /// As `error_stack::Report` shows itself.
    struct Report;

    impl Display for Report {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str(if f.alternate() { "no user: no row: refused" } else { "no user" })
        }
    }

    #[test]
    fn a_report_of_error_stack_says_what_is_below_without_the_feature() {
        let type_name = "error_stack::report::Report<app::NoUser>";
        let chain = chain(&Failure { type_name, view: ErrorView::Display(&Report) });
        let values: Vec<_> = chain.iter().map(|error| error.value.as_str()).collect();
        assert_eq!(values, ["no user", "no row: refused"]);
        assert_eq!(chain.outermost.type_name, "NoUser");
    }
}
