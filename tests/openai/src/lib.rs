//! The tests are in `tests`; the examples of each argument are in a page of the documentation.

#[cfg(doctest)]
#[doc = include_str!("../../../docs/ai-arguments.md")]
mod arguments {}
