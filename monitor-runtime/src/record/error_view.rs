use std::error::Error;
use std::fmt::{Debug, Display};

/// What can be read of an error, from most to least.
#[derive(Clone, Copy)]
pub enum ErrorView<'a> {
    /// A message and a chain of sources.
    Error(&'a (dyn Error + 'a)),
    /// A message.
    Display(&'a dyn Display),
    /// Only what the developer sees.
    Debug(&'a dyn Debug),
    /// Nothing but its type.
    Opaque,
}

/// An outcome that is a failure: what a function returned instead of its result.
#[derive(Clone, Copy)]
pub struct Failure<'a> {
    /// The error's type, with its path.
    pub type_name: &'static str,
    /// What can be read of it.
    pub view: ErrorView<'a>,
}
