//! The beginning of a trace: its key, and whether it is recorded.

use std::cell::Cell;
use std::sync::Arc;

use super::ids;
use super::local::{KEY, Local, POLLS_UNTIMED, TAIL, UNSAMPLED};
use super::scope::{self, Scope};
use crate::callsite::Callsite;
use crate::collect::{Header, UNSAMPLED_ROOT, UNSAMPLED_ROOT_WORDS};
use crate::hub::Hub;
use crate::propagation::{Propagation, Upstream, has_host, host_span};
use crate::record::{Status, TraceId};
use crate::sampling::{Decision, Strategy, decide};

/// The trace word inside a root of this callsite; `None` where nothing is looked at. What is left
/// in `begun` belongs into the root's scope.
pub(super) fn begin(
    local: &Local,
    site: &'static Callsite,
    hub: &Hub,
    begun: &mut Option<Arc<Propagation>>,
) -> Option<u64> {
    let polls = if hub.settings().busy_time { 0 } else { POLLS_UNTIMED };
    let number = (local.next_id() & KEY).max(1);
    let tracing = &hub.settings().tracing;
    let by_rate = matches!(tracing.strategy, Strategy::Rate) && !has_host();
    let plain = by_rate && !local.has_scope.get();
    let sampled = if plain {
        ids::sample_rand(number) < hub.settings().traces_sample_rate
    } else {
        decide_at_length(local, site, hub, number, begun)?.sampled
    };
    let key = number | polls;
    match (sampled, tracing.tail) {
        (true, _) => Some(key),
        (false, Some(_)) => Some(key | TAIL),
        (false, None) => {
            let header =
                Header::new(UNSAMPLED_ROOT, Status::Ok, UNSAMPLED_ROOT_WORDS, site.number());
            local.write([header.word(), u64::from(hub.number())]);
            Some(key | UNSAMPLED)
        }
    }
}

#[cold]
#[inline(never)]
fn decide_at_length(
    local: &Local,
    site: &'static Callsite,
    hub: &Hub,
    key: u64,
    begun: &mut Option<Arc<Propagation>>,
) -> Option<Decision> {
    thread_local! {
        /// A sampler that calls annotated functions would be asked about them, and so on.
        static DECIDING: Cell<bool> = const { Cell::new(false) };
    }
    let settings = hub.settings();
    let outside = local.trace.get() == 0;
    let parent = if outside { waiting(local).or_else(of_host) } else { None };
    let by_function = matches!(settings.tracing.strategy, Strategy::Function(_));
    if by_function && DECIDING.replace(true) {
        return None;
    }
    let trace_id = parent.as_ref().map_or_else(|| ids::trace_id(key), |parent| parent.trace_id);
    let rand = parent.as_ref().map_or_else(|| ids::sample_rand(key), |parent| parent.rand);
    let decision = decide(settings, site, trace_id, rand, parent.as_deref());
    DECIDING.set(false);
    if parent.is_some() || by_function {
        let span = || ids::new_span_id();
        let mut propagation = match parent {
            Some(parent) => Arc::unwrap_or_clone(parent),
            None => Propagation { rand, ..Propagation::new(trace_id, span()) },
        };
        propagation.key = key;
        propagation.rate = Some(decision.rate);
        propagation.sampled = Some(decision.sampled);
        propagation.decided_here = by_function;
        *begun = Some(Arc::new(propagation));
    }
    Some(decision)
}

/// The trace of another service that roots of this scope go on with.
fn waiting(local: &Local) -> Option<Arc<Propagation>> {
    let scope = if local.has_scope.get() { scope::current() } else { None };
    let propagation = scope?.propagation.clone()?;
    (propagation.key == 0 && propagation.continues).then_some(propagation)
}

/// The trace of another library's span that is current.
fn of_host() -> Option<Arc<Propagation>> {
    let parent = host_span()?;
    Some(Arc::new(Propagation::of(parent, ids::new_span_id(), Upstream::default())))
}

/// What the scope says of the trace with this key.
pub(super) fn propagation_of(scope: &Scope, trace: u64) -> Option<Arc<Propagation>> {
    let propagation = scope.propagation.as_ref();
    propagation.filter(|propagation| propagation.key == trace & KEY).cloned()
}

/// The rate of traces that begin in this process with a root of this callsite.
pub(super) fn own_rate(hub: &Hub, root: &'static Callsite) -> f64 {
    let settings = hub.settings();
    settings.tracing.strategy.rate_of(Some(root), settings.traces_sample_rate)
}

/// A trace's id in two words.
pub(super) fn halves(trace_id: TraceId) -> (u64, u64) {
    #[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
    let halves = ((trace_id.get() >> 64) as u64, trace_id.get() as u64);
    halves
}
