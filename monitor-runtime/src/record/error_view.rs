use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt::{Debug, Display};

use crate::errors::MonitorError;

/// What can be read of an error, from most to least.
#[derive(Clone, Copy)]
pub enum ErrorView<'a> {
    /// What it says of itself, a message and a chain of sources.
    Monitored(&'a (dyn MonitorError + 'a)),
    /// A message and a chain of sources, of a type that can be found out if it is registered.
    Known(&'a (dyn Error + 'static)),
    /// The same of a report around the error, whose `Debug` may have a backtrace.
    Report(&'a (dyn Error + 'static), &'a dyn Debug),
    /// A list of errors, and what the outermost says of itself.
    Stack(&'a dyn ErrorStack, Option<&'a dyn MonitorError>),
    /// A message and a chain of sources.
    Error(&'a (dyn Error + 'a)),
    /// A message.
    Display(&'a dyn Display),
    /// Only what the developer sees.
    Debug(&'a dyn Debug),
    /// Nothing but its type.
    Opaque,
}

/// A report that keeps errors in a list of its own: none is the source of another.
pub trait ErrorStack {
    /// The errors, the outermost first.
    fn errors(&self) -> Vec<&(dyn Error + 'static)>;

    /// Where the innermost arose, if the report knows.
    fn backtrace(&self) -> Option<&Backtrace>;
}

/// An outcome that is a failure: what a function returned instead of its result.
#[derive(Clone, Copy)]
pub struct Failure<'a> {
    /// The error's type, with its path.
    pub type_name: &'static str,
    /// What can be read of it.
    pub view: ErrorView<'a>,
}

impl<'a> ErrorView<'a> {
    /// The error, if it is one in the sense of the standard library.
    pub(crate) fn as_error(self) -> Option<&'a (dyn Error + 'a)> {
        match self {
            Self::Monitored(error) => Some(error),
            Self::Known(error) | Self::Report(error, _) => Some(error),
            Self::Error(error) => Some(error),
            Self::Stack(..) | Self::Display(_) | Self::Debug(_) | Self::Opaque => None,
        }
    }

    /// The error, if its type says how it is to be reported.
    pub(crate) const fn monitored(self) -> Option<&'a (dyn MonitorError + 'a)> {
        match self {
            Self::Monitored(error) => Some(error),
            Self::Stack(_, error) => error,
            _ => None,
        }
    }
}
