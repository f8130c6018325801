//! What became of what was recorded, once monitoring has ended.

use std::sync::{Mutex, PoisonError};

use crate::backend::{Delivery, Loss};
use crate::diagnostics;

static LAST: Mutex<Option<Delivery>> = Mutex::new(None);

/// How complete the end was.
#[derive(Clone, Copy, Debug)]
pub(crate) struct End {
    /// Whether everything was delivered, or given up for a reason of its own, in time.
    pub(crate) delivered: bool,
    /// Whether there was time to count the rest.
    pub(crate) counted: bool,
}

/// Keeps the figures, and says them: to the operator if something didn't arrive in time.
///
/// `left` is what no backend was told of any more.
pub(crate) fn note(delivery: Option<Delivery>, left: &Loss, end: End) {
    let mut figures = match &delivery {
        Some(delivery) => format!(": {delivery}"),
        None if left.is_empty() => String::new(),
        None => format!(": {left}"),
    };
    if !end.counted {
        figures.push_str("; and more that there was no time to count");
    }
    if end.delivered {
        diagnostics::info(&format!("monitoring has ended{figures}"));
    } else {
        diagnostics::warn(&format!(
            "not everything was delivered before the shutdown timeout{figures}"
        ));
    }
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = delivery;
}

/// The figures of the end; none before it.
pub(crate) fn delivery() -> Delivery {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
}
