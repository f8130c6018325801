//! The moment as an event, for what goes another way than through this crate.

use super::{Moment, current_trace, local};
use crate::hub::Hub;
use crate::policy::Pipeline;
use crate::record::Event;

/// What is known of this moment: the scope as a backend may see it, and the ids of the trace.
pub(crate) struct Here {
    pub(crate) event: Event,
    /// Whether the ids are those of a trace, and not just made up.
    pub(crate) in_trace: bool,
}

/// What becomes of records that are made at this moment.
pub(crate) fn policy() -> Option<&'static Pipeline> {
    local::with(Hub::current).map(Hub::policy)
}

/// This moment, if anything is known of it.
pub(crate) fn here() -> Option<Here> {
    if !Hub::any() {
        return None;
    }
    let (hub, mut event, in_trace) = local::with(|local| {
        let hub = Hub::current(local)?;
        let in_trace = current_trace::find(local, hub).is_some();
        let known = in_trace || local.has_scope.get();
        known.then(|| (hub, Moment::now(local, hub).event(), in_trace))
    })?;
    hub.policy().fit(&mut event);
    Some(Here { event, in_trace })
}
