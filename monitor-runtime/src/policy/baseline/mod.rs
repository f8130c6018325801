//! How long the calls of each annotated function take, and whether that is as it used to be.
//!
//! The collector adds the duration of each span to the *window* of its callsite. A window that is a
//! minute old and has enough calls is closed: it is compared with the callsite's *baseline*, what the
//! windows before it were like, and becomes part of that unless it stands out. `docs/baselines.md`
//! says which rule that is, where it comes from, and how often it errs.

mod anomaly;
mod baselines;
mod breach;
mod function;
mod latency;
mod moving;
mod over_limit;
mod rule;
#[cfg(test)]
mod series;
mod slowest;
mod spread;
mod table;
mod tier;
mod watcher;

use crate::callsite::Callsite;
use crate::context::{Moment, local};
use crate::hub::Hub;
use crate::record::{Event, EventKind, Level, Mechanism};

pub use anomaly::Anomaly;
pub use baselines::Baselines;
pub use latency::{CallsiteSelector, Latency, latencies, latency, recent_latency};
pub use tier::PerformanceTier;

pub(crate) use slowest::Trace;
pub(crate) use table::{Ended, Table};
pub(crate) use watcher::watch;

/// A warning about a function, with its slowest call.
fn event(
    hub: &'static Hub,
    site: &'static Callsite,
    message: String,
    slowest: &slowest::Slowest,
) -> Event {
    let mut event = local::with(|local| Moment::now(local, hub).event());
    event.timestamp = hub.clock().wall_time();
    event.kind = EventKind::Message;
    event.mechanism = Mechanism::handled("baselines");
    event.level = Level::Warning;
    event.message = Some(message.into());
    event.op = Some(site.op().into());
    event.path = vec![site.frame()];
    slowest.link(&mut event);
    event
}
