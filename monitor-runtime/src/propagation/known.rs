use std::sync::Arc;

use super::SentryBaggage;
use crate::record::{SpanId, TraceId};

/// What is known of a trace that its key doesn't say. It lies in the scope, and so goes wherever
/// the trace's work goes.
#[derive(Clone, Debug)]
pub(crate) struct Propagation {
    /// The key of the trace that this is about; 0 until a root has begun it here.
    pub(crate) key: u64,
    pub(crate) trace_id: TraceId,
    /// The span in the service that called.
    pub(crate) parent: Option<SpanId>,
    /// What stands for a span in headers where none is open.
    pub(crate) span: SpanId,
    /// The caller's decision; once a root has begun, what holds here.
    pub(crate) sampled: Option<bool>,
    /// The rate of that decision.
    pub(crate) rate: Option<f64>,
    /// The number in `[0, 1)` that is compared with rates, with six digits.
    pub(crate) rand: f64,
    /// Whether roots that begin here go on with this trace.
    pub(crate) continues: bool,
    /// Whether the decision is this process's own, against the caller's.
    pub(crate) decided_here: bool,
    pub(crate) upstream: Arc<Upstream>,
}

/// What came in with the trace, to be passed on.
#[derive(Clone, Debug, Default)]
pub(crate) struct Upstream {
    /// The dynamic sampling context. It is frozen: `None` means that this process writes it.
    pub(crate) sentry: Option<SentryBaggage>,
    /// The members of others, as they came.
    pub(crate) others: String,
    pub(crate) tracestate: String,
}

/// A trace to go on with, in the words of its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Parent {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    pub(crate) sampled: Option<bool>,
}

impl Propagation {
    /// A trace that begins here.
    pub(crate) fn new(trace_id: TraceId, span: SpanId) -> Self {
        Self {
            key: 0,
            trace_id,
            parent: None,
            span,
            sampled: None,
            rate: None,
            rand: crate::context::rand_of(trace_id),
            continues: false,
            decided_here: false,
            upstream: Arc::default(),
        }
    }

    /// A trace that goes on here.
    pub(crate) fn of(parent: Parent, span: SpanId, upstream: Upstream) -> Self {
        let mut upstream = upstream;
        let rate = upstream.sentry.as_ref().and_then(SentryBaggage::sample_rate);
        let given = upstream.sentry.as_ref().and_then(SentryBaggage::sample_rand);
        let rand = given.unwrap_or_else(|| {
            let rand = fitting(crate::context::rand_of(parent.trace_id), parent.sampled, rate);
            // Services further on must compare with the same number.
            if let Some(sentry) = upstream.sentry.as_mut().filter(|sentry| !sentry.is_empty()) {
                sentry.set("sample_rand", format!("{rand:.6}"));
            }
            rand
        });
        Self {
            key: 0,
            trace_id: parent.trace_id,
            parent: Some(parent.span_id),
            span,
            sampled: parent.sampled,
            rate,
            rand,
            continues: true,
            decided_here: false,
            upstream: Arc::new(upstream),
        }
    }

    /// The dynamic sampling context that another service has written, as it holds here.
    pub(crate) fn frozen(&self) -> Option<SentryBaggage> {
        let mut sentry = self.upstream.sentry.clone()?;
        if let (true, false, Some(rate)) = (self.decided_here, sentry.is_empty(), self.rate) {
            sentry.set("sample_rate", rate.to_string());
            sentry.set("sampled", (self.sampled == Some(true)).to_string());
        }
        Some(sentry)
    }
}

/// A number on the side of the rate on which the decision is, with six digits.
fn fitting(rand: f64, sampled: Option<bool>, rate: Option<f64>) -> f64 {
    let fitted = match (sampled, rate) {
        (Some(true), Some(rate)) => rand * rate,
        (Some(false), Some(rate)) => (rand * (1.0 - rate)) + rate,
        _ => rand,
    };
    ((fitted * 1e6).floor() / 1e6).clamp(0.0, 0.999_999)
}
