//! Types of errors that are found inside of boxes.

use std::any::TypeId;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use super::MonitorError;
use crate::append_only::AppendOnly;

/// Types that may be registered: each is tried on each error of a chain whose type isn't known.
const MAX_KNOWN: usize = 256;

type Downcast =
    for<'a> fn(&'a (dyn Error + 'static)) -> Option<(&'static str, &'a dyn MonitorError)>;

static KNOWN: AppendOnly<Downcast> = AppendOnly::new();
static TYPES: Mutex<Vec<TypeId>> = Mutex::new(Vec::new());

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
    if !add(TypeId::of::<T>(), downcast::<T>) {
        crate::diagnostics::warn("more than 256 types of errors were registered: one is left out");
    }
}

/// Whether the type is among those that are known now.
fn add(id: TypeId, downcast: Downcast) -> bool {
    let mut types = TYPES.lock().unwrap_or_else(PoisonError::into_inner);
    if types.contains(&id) {
        return true;
    }
    if types.len() >= MAX_KNOWN {
        return false;
    }
    types.push(id);
    KNOWN.push_with(|_| Some(downcast));
    true
}

fn downcast<'a, T: MonitorError + 'static>(
    error: &'a (dyn Error + 'static),
) -> Option<(&'static str, &'a dyn MonitorError)> {
    let error = error.downcast_ref::<T>()?;
    Some((std::any::type_name::<T>(), error))
}

/// Whether any type is registered.
pub(crate) fn any_known() -> bool {
    KNOWN.get(1).is_some()
}

/// The error's own type and class, if the type is registered.
pub(crate) fn known<'a>(
    error: &'a (dyn Error + 'static),
) -> Option<(&'static str, &'a dyn MonitorError)> {
    (1..).map_while(|number| KNOWN.get(number)).find_map(|downcast| downcast(error))
}
