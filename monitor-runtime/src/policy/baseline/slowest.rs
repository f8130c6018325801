use crate::callsite::Callsite;
use crate::record::{Event, Sampling, SpanId, TraceId};

/// The call of a window that took longest: what a person looks at first.
#[derive(Clone, Debug, Default)]
pub(super) struct Slowest {
    pub(super) nanos: u64,
    pub(super) call: Option<Call>,
}

/// Where to find it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) trace: Trace,
    pub(super) span: u64,
}

/// The trace of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trace {
    pub(crate) id: TraceId,
    pub(crate) sampling: Sampling,
    /// Whether the trace is delivered.
    pub(crate) kept: bool,
    /// The root's callsite.
    pub(crate) root: u32,
}

impl Slowest {
    /// Makes the event one of the slowest call's trace, so that the two are found together.
    pub(super) fn link(&self, event: &mut Event) {
        let Some(Call { trace, span }) = self.call.filter(|call| call.trace.kept) else { return };
        event.trace_id = trace.id;
        event.sampling = trace.sampling;
        event.sampled = true;
        event.span_id = SpanId::new(span);
        event.transaction = Callsite::by_number(trace.root).map(|root| root.name().into());
    }
}
