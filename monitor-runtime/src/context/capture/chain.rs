//! An error and its sources as plain data. All of it is code of the program: callers run it where
//! nothing is recorded.

use std::error::Error;
use std::fmt::{Debug, Display};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use super::super::text::{AsDebug, bounded};
use super::type_name::{TypeName, is_known, is_stack, of_error};
use crate::record::{ErrorView, Exception, Failure, StackFrame, Text, parse_backtrace};

/// Bytes of an error's text: Sentry cuts exception values there.
pub(crate) const MAX_ERROR_TEXT: usize = 8192;
/// Bytes of a report that are searched for its backtrace: some 1,000 frames.
const MAX_BACKTRACE: usize = 256 * 1024;
/// Errors of one chain; a chain that loops stops here.
const MAX_CHAIN: usize = 50;

/// The error and its sources, the outermost first.
pub(super) fn chain(failure: &Failure<'_>) -> Arc<[Exception]> {
    let typed = |value| new(TypeName::of_path(failure.type_name), value);
    let is_typed = is_known(failure.type_name);
    let mut outermost = match failure.view {
        ErrorView::Display(value) if is_stack(failure.type_name) => {
            return stack(value, TypeName::of_path(failure.type_name)).into();
        }
        ErrorView::Display(value) => typed(bounded(value, MAX_ERROR_TEXT)),
        ErrorView::Debug(value) => typed(bounded(&AsDebug(value), MAX_ERROR_TEXT)),
        ErrorView::Opaque => typed(String::new()),
        ErrorView::Known(error) | ErrorView::Report(error, _) => exception(error),
        ErrorView::Monitored(error) if is_typed => typed(bounded(&error, MAX_ERROR_TEXT)),
        ErrorView::Monitored(error) => new(of_error(error), bounded(&error, MAX_ERROR_TEXT)),
        ErrorView::Error(error) if is_typed => typed(bounded(&error, MAX_ERROR_TEXT)),
        ErrorView::Error(error) => new(of_error(error), bounded(&error, MAX_ERROR_TEXT)),
    };
    if let ErrorView::Report(_, report) = failure.view {
        outermost.frames = backtrace(report);
    }
    let mut sources = sources(failure.view).map(exception).peekable();
    // Most errors have none.
    if sources.peek().is_none() {
        return Arc::new([outermost]);
    }
    std::iter::once(outermost).chain(sources).collect()
}

/// A report of error-stack: with `#` its `Display` says the errors below, too.
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

/// The frames of the backtrace that a report shows behind its errors, where backtraces are on:
/// otherwise there is none, and a large `Debug` need not be made.
fn backtrace(report: &dyn Debug) -> Vec<StackFrame> {
    static IS_ON: OnceLock<bool> = OnceLock::new();
    let variables = ["RUST_LIB_BACKTRACE", "RUST_BACKTRACE"];
    let first = || variables.iter().find_map(std::env::var_os);
    if !IS_ON.get_or_init(|| first().is_some_and(|value| value != "0")) {
        return Vec::new();
    }
    let text = bounded(&AsDebug(report), MAX_BACKTRACE);
    text.split_once("Stack backtrace:").map_or_else(Vec::new, |(_, text)| parse_backtrace(text))
}

/// The sources of an error, the nearest first.
pub(super) fn sources<'a>(view: ErrorView<'a>) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let first = view.as_error().and_then(source);
    std::iter::successors(first, |error| source(*error)).take(MAX_CHAIN - 1)
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
        assert_eq!(chain(&failure).len(), MAX_CHAIN);
        assert_eq!(chain(&failure)[1].type_name, "Looping");
    }
}
