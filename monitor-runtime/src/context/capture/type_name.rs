//! What a type is called in an event.

use std::cell::Cell;
use std::env::VarError;
use std::error::Error;
use std::io;
use std::sync::mpsc::{RecvTimeoutError, TryRecvError};

use super::super::text::{AsDebug, bounded};
use crate::errors::known_path;
use crate::record::Text;

/// Bytes of the `Debug` text that are read for a type's name.
const MAX_NAME: usize = 128;

/// A type's name without its path, and the path if that is known.
#[derive(Debug)]
pub(super) struct TypeName {
    pub(super) name: Text,
    pub(super) module: Option<Text>,
}

impl TypeName {
    /// From a path such as `my_app::db::DbError<u8>`.
    pub(super) fn of_path(path: &'static str) -> Self {
        let (module, name) = split_type(path);
        Self { name: name.into(), module: module.map(Into::into) }
    }

    /// Of an error of the type with this path, unless the path doesn't say what it is: that of
    /// `Arc<dyn Error>`.
    pub(super) fn of_typed(path: &'static str, error: &dyn Error) -> Self {
        let Split { module, name, is_known, .. } = split(path);
        if is_known {
            Self { name: name.into(), module: module.map(Into::into) }
        } else {
            of_error(error)
        }
    }

    /// Of an error whose type is found out if it is registered, or one of the standard library's
    /// whose `Debug` begins with another name.
    pub(super) fn of_known(error: &(dyn Error + 'static)) -> Self {
        let path = known_path(error).or_else(|| of_std(error));
        path.map_or_else(|| of_error(error), Self::of_path)
    }
}

fn of_std(error: &(dyn Error + 'static)) -> Option<&'static str> {
    if error.is::<io::Error>() {
        Some("std::io::Error")
    } else if error.is::<VarError>() {
        Some("std::env::VarError")
    } else if error.is::<TryRecvError>() {
        Some("std::sync::mpsc::TryRecvError")
    } else if error.is::<RecvTimeoutError>() {
        Some("std::sync::mpsc::RecvTimeoutError")
    } else {
        None
    }
}

/// Of an error of which only `Display` and `Debug` are known.
fn of_error(error: &dyn Error) -> TypeName {
    let debug = bounded(&AsDebug(&error), MAX_NAME);
    let name = name_in(&debug).map_or(Text::Borrowed("Error"), |name| name.to_owned().into());
    TypeName { name, module: None }
}

/// The name of the type, or of the variant, that a derived `Debug` begins with. The `Debug` of a
/// message begins with a word of a sentence: `Missing user`.
fn name_in(debug: &str) -> Option<&str> {
    let end = debug.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(debug.len());
    let (name, rest) = debug.split_at(end);
    let is_derived = rest.is_empty() || rest.starts_with('(') || rest.starts_with(" {");
    (is_derived && name.starts_with(char::is_uppercase)).then_some(name)
}

fn says_what_it_is(path: &str) -> bool {
    // Few paths have a space at all, and that is quickly seen.
    let has_trait = |path: &str| path.split(['<', '&']).any(|part| part.starts_with("dyn "));
    let is_spaced = path.bytes().any(|byte| byte == b' ');
    !path.is_empty() && (!is_spaced || !has_trait(path))
}

/// Whether it is a report of error-stack, which is no `Error`, but shows its chain.
pub(super) fn is_stack(path: &str) -> bool {
    path.starts_with("error_stack::report::Report<")
}

/// Pointers and reports that only hold the error that counts.
const WRAPPERS: [&str; 4] =
    ["alloc::boxed::Box<", "alloc::sync::Arc<", "alloc::rc::Rc<", "error_stack::report::Report<"];

/// The module and the name in the path of a type, which the compiler gives.
pub(super) fn split_type(path: &'static str) -> (Option<&'static str>, &'static str) {
    let Split { module, name, .. } = split(path);
    (module, name)
}

/// A path, what it was split into, and whether it says what the type is.
#[derive(Clone, Copy)]
struct Split {
    path: &'static str,
    module: Option<&'static str>,
    name: &'static str,
    is_known: bool,
}

/// Remembers the last one: errors come in bursts of the same type.
fn split(path: &'static str) -> Split {
    thread_local! {
        static LAST: Cell<Split> =
            const { Cell::new(Split { path: "", module: None, name: "", is_known: false }) };
    }
    if let Ok(last) = LAST.try_with(Cell::get)
        && std::ptr::eq(last.path, path)
    {
        return last;
    }
    let (module, name) = split_path(path);
    let split = Split { path, module, name, is_known: says_what_it_is(path) };
    let _ = LAST.try_with(|last| last.set(split));
    split
}

/// The module and the name in a path such as `my_app::db::DbError<u8>`.
fn split_path(path: &str) -> (Option<&str>, &str) {
    let path = inner(path);
    // Some compilers write the lifetime, others don't.
    let path = path.strip_suffix("<'_>").unwrap_or(path);
    let name_from = path.bytes().position(|byte| byte == b'<').unwrap_or(path.len());
    match last_separator(&path.as_bytes()[..name_from]) {
        Some(at) => (Some(&path[..at]), &path[at + 2..]),
        None => (None, path),
    }
}

/// Where the last `::` is. Names are short: bytes from behind are quicker than a search for a text,
/// which each failing call would pay.
fn last_separator(path: &[u8]) -> Option<usize> {
    path.windows(2).rposition(|two| two == b"::")
}

/// The path inside references, pointers and reports.
fn inner(mut path: &str) -> &str {
    loop {
        let wrapped = WRAPPERS.iter().find_map(|wrapper| path.strip_prefix(wrapper));
        path = match (path.strip_prefix('&'), wrapped.and_then(|rest| rest.strip_suffix('>'))) {
            // A text without a lifetime isn't what anybody calls it.
            (Some("str"), _) => return path,
            (Some(target), _) => target.trim_start_matches("mut "),
            (None, Some(inside)) if !inside.starts_with("dyn ") => inside,
            (None, _) => return path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_split_before_generics() {
        assert_eq!(split_path("app::db::Error<a::B>"), (Some("app::db"), "Error<a::B>"));
        assert_eq!(split_path("str"), (None, "str"));
    }

    #[test]
    fn pointers_are_looked_through() {
        let error = (Some("app"), "Error");
        assert_eq!(split_path("alloc::boxed::Box<alloc::sync::Arc<app::Error>>"), error);
        assert_eq!(split_path("&&mut app::Error"), error);
        assert_eq!(split_path("error_stack::report::Report<app::Error>"), error);
        assert_eq!(split_path("&str"), (None, "&str"));
        let boxed = "alloc::boxed::Box<dyn core::fmt::Display>";
        assert_eq!(split_path(boxed).1, "Box<dyn core::fmt::Display>");
    }

    #[test]
    fn words_of_a_message_are_no_names() {
        for debug in ["Refused", "Refused(\"db\")", "Refused { by: 1 }"] {
            assert_eq!(name_in(debug), Some("Refused"));
        }
        for debug in
            ["Refused by db", "Refused: by db", "\"Refused\"", "refused", "app::Refused", ""]
        {
            assert_eq!(name_in(debug), None, "{debug}");
        }
    }

    #[test]
    fn enums_of_the_standard_library_have_their_names() {
        let error = io::Error::from_raw_os_error(2);
        let name = TypeName::of_known(&error);
        assert_eq!((name.name.as_ref(), name.module.as_deref()), ("Error", Some("std::io")));
        assert_eq!(TypeName::of_known(&VarError::NotPresent).name, "VarError");
    }
}
