//! What is known of the trace that is current.

use std::sync::Arc;

use super::ids;
use super::local::{self, KEY, Local, Words};
use super::root;
use super::scope::{self, Scope};
use crate::callsite::Callsite;
use crate::hub::Hub;
use crate::propagation::Propagation;
use crate::record::{Sampling, SpanId, TraceId};
use crate::settings::Settings;

/// The trace that is current, or that of the scope where no span is open.
pub(crate) struct CurrentTrace {
    pub(crate) trace_id: TraceId,
    /// The current span; where none is open what stands for one.
    pub(crate) span_id: SpanId,
    /// Whether it is sampled; `None` where that isn't decided yet.
    pub(crate) sampled: Option<bool>,
    pub(crate) sampling: Sampling,
    /// The root's name; `None` where no root is open.
    pub(crate) name: Option<&'static str>,
    pub(crate) propagation: Option<Arc<Propagation>>,
}

/// The settings of what the calling thread does; `None` without monitoring.
pub(crate) fn settings() -> Option<&'static Settings> {
    if !Hub::any() {
        return None;
    }
    local::with(Hub::current).map(Hub::settings)
}

/// The current trace. Outside of every trace there is none, unless one is to begin: then the
/// scope keeps it.
pub(crate) fn current_trace(begin: bool) -> Option<(CurrentTrace, &'static Settings)> {
    if !Hub::any() {
        return None;
    }
    let (found, hub) = local::with(|local| {
        let hub = Hub::current(local)?;
        Some((find(local, hub), hub))
    })?;
    let found = match found {
        None if begin => Some(begin_in_scope(hub)),
        found => found,
    };
    Some((found?, hub.settings()))
}

pub(super) fn find(local: &Local, hub: &Hub) -> Option<CurrentTrace> {
    let key = local.trace.get() & KEY;
    let propagation = propagation(local, key);
    if key == 0 {
        return propagation.map(|propagation| outside_of_spans(hub, propagation));
    }
    let root = Callsite::by_number(local.root.get());
    let (trace_id, sampling) = ids_of(key, root, propagation.as_deref(), hub);
    Some(CurrentTrace {
        trace_id,
        span_id: SpanId::new(local.span.get()).unwrap_or_else(ids::new_span_id),
        sampled: Some(local.is_sampled()),
        sampling,
        name: Some(root.map_or("", Callsite::name)),
        propagation,
    })
}

/// The id of the trace that was current where these words were taken, and what its sampling was
/// decided by. Outside of every trace it is one of this key.
pub(super) fn ids_at(
    words: Words,
    scope: Option<&Scope>,
    hub: &Hub,
    outside: u64,
) -> (TraceId, Sampling) {
    let key = words.trace & KEY;
    let propagation = scope.and_then(|scope| root::propagation_of(scope, key));
    match propagation {
        Some(waiting) if key == 0 => {
            let CurrentTrace { trace_id, sampling, .. } = outside_of_spans(hub, waiting);
            (trace_id, sampling)
        }
        None if key == 0 => ids_of(outside, None, None, hub),
        propagation => ids_of(key, Callsite::by_number(words.root), propagation.as_deref(), hub),
    }
}

fn ids_of(
    key: u64,
    root: Option<&'static Callsite>,
    propagation: Option<&Propagation>,
    hub: &Hub,
) -> (TraceId, Sampling) {
    let default_rate = hub.settings().traces_sample_rate;
    let own_rate = || root.map_or(default_rate, |root| root::own_rate(hub, root));
    let (trace_id, rate, rand) = match propagation {
        Some(p) => (p.trace_id, p.rate.unwrap_or_else(own_rate), p.rand),
        None => (ids::trace_id(key), own_rate(), ids::sample_rand(key)),
    };
    (trace_id, Sampling { rate, rand, tail: false })
}

/// The id of the trace with this word, which is the current one.
pub(super) fn trace_id(trace: u64) -> TraceId {
    let known = local::with(|local| propagation(local, trace & KEY));
    known.map_or_else(|| ids::trace_id(trace), |propagation| propagation.trace_id)
}

fn propagation(local: &Local, key: u64) -> Option<Arc<Propagation>> {
    let scope = if local.has_scope.get() { scope::current() } else { None };
    root::propagation_of(&*scope?, key)
}

fn begin_in_scope(hub: &Hub) -> CurrentTrace {
    let propagation = Arc::new(Propagation::new(ids::new_trace_id(), ids::new_span_id()));
    let kept = Arc::clone(&propagation);
    scope::update_by_hand(|scope| scope.propagation = Some(kept));
    outside_of_spans(hub, propagation)
}

fn outside_of_spans(hub: &Hub, propagation: Arc<Propagation>) -> CurrentTrace {
    let rate = propagation.rate.unwrap_or(hub.settings().traces_sample_rate);
    CurrentTrace {
        trace_id: propagation.trace_id,
        span_id: propagation.span,
        sampled: propagation.sampled,
        sampling: Sampling { rate, rand: propagation.rand, tail: false },
        name: None,
        propagation: Some(propagation),
    }
}
