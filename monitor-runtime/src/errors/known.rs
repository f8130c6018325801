//! Types of errors that are found inside of boxes.

use std::any::{TypeId, type_name};
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use super::MonitorError;
use crate::append_only::AppendOnly;

/// Types that may be registered: each is tried on each error of a chain whose type isn't known.
const MAX_KNOWN: usize = 256;

type Downcast =
    for<'a> fn(&'a (dyn Error + 'static)) -> Option<(&'static str, &'a dyn MonitorError)>;

/// The name with the path, if the error is of the type.
type Name = fn(&(dyn Error + 'static)) -> Option<&'static str>;

static KNOWN: Types<Downcast> = Types::new();
/// Those of which only the name is known.
static NAMED: Types<Name> = Types::new();

/// Types, and what is done with an error of one of them.
struct Types<F: 'static> {
    functions: AppendOnly<F>,
    ids: Mutex<Vec<TypeId>>,
}

impl<F: 'static> Types<F> {
    const fn new() -> Self {
        Self { functions: AppendOnly::new(), ids: Mutex::new(Vec::new()) }
    }

    /// Adds a type, once.
    fn add(&self, id: TypeId, function: F) {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.contains(&id) {
            return;
        }
        if ids.len() >= MAX_KNOWN {
            drop(ids);
            crate::diagnostics::warn(
                "more than 256 types of errors were registered: one is left out",
            );
            return;
        }
        ids.push(id);
        self.functions.push_with(|_| Some(function));
    }

    fn iter(&self) -> impl Iterator<Item = &F> {
        (1..).map_while(|number| self.functions.get(number))
    }
}

/// Lets errors of this type be recognised inside of `anyhow::Error`, `eyre::Report` and among the
/// sources of other errors, where their type isn't visible.
///
/// Errors that a function returns under their own type need no registration. Call it once, next to
/// [`init`](crate::init). Up to 256 types are kept.
///
/// ```
/// # #[derive(Debug)]
/// # struct NotFound;
/// # impl std::fmt::Display for NotFound {
/// #     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str("-") }
/// # }
/// # impl std::error::Error for NotFound {}
/// # impl monitor_runtime::MonitorError for NotFound {
/// #     fn monitor_class(&self) -> monitor_runtime::ErrorClass { Default::default() }
/// # }
/// monitor_runtime::register_error::<NotFound>();
/// ```
pub fn register_error<T: MonitorError + 'static>() {
    KNOWN.add(TypeId::of::<T>(), downcast::<T>);
}

/// Lets errors of this type, which says nothing of itself, have its name where it isn't visible:
/// inside of `anyhow::Error` and boxes, and among the sources of other errors.
///
/// Without it the name is what the error's `Debug` begins with, which for an enum is that of the
/// variant: `RowNotFound`. Call it once, next to [`init`](crate::init), for the enums of other
/// crates. Up to 256 types are kept.
///
/// ```
/// monitor_runtime::register_error_type::<std::str::Utf8Error>();
/// ```
pub fn register_error_type<T: Error + 'static>() {
    NAMED.add(TypeId::of::<T>(), |error| error.is::<T>().then(type_name::<T>));
}

fn downcast<'a, T: MonitorError + 'static>(
    error: &'a (dyn Error + 'static),
) -> Option<(&'static str, &'a dyn MonitorError)> {
    let error = error.downcast_ref::<T>()?;
    Some((type_name::<T>(), error))
}

/// Whether any type is registered that says something of itself.
pub(crate) fn any_known() -> bool {
    KNOWN.iter().next().is_some()
}

/// What the error says of itself, if its type is registered.
pub(crate) fn known<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a dyn MonitorError> {
    KNOWN.iter().find_map(|downcast| downcast(error)).map(|(_, error)| error)
}

/// The error's type with its path, if it is registered in either way.
pub(crate) fn known_path(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let known = KNOWN.iter().find_map(|downcast| downcast(error)).map(|(path, _)| path);
    known.or_else(|| NAMED.iter().find_map(|name| name(error)))
}
