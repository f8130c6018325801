use std::sync::Arc;
use std::time::SystemTime;

use super::{Span, SpanId, TraceId};
use crate::PerformanceTier;
use crate::context::Scope;

/// A root span with the spans that ended below it.
///
/// A span that outlives its root, as spawned work may, comes later in a transaction of its own,
/// with the same trace id and its parent's id.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Transaction {
    /// The trace that it belongs to.
    pub trace_id: TraceId,
    /// The root first, then the others in the order in which they began.
    pub spans: Vec<Span>,
    /// User, tags, contexts and breadcrumbs as they were when the root ended.
    #[cfg_attr(feature = "serde", serde(serialize_with = "super::json::scope"))]
    pub scope: Arc<Scope>,
    /// What that was decided by.
    pub sampling: Sampling,
    /// How long the root took beside other calls of its function; `None` where that isn't watched, or
    /// not known yet. See [`Config::with_baselines`](crate::Config::with_baselines).
    pub performance_tier: Option<PerformanceTier>,
    /// Spans that were left out because a bound was reached.
    pub dropped_spans: u64,
}

/// What decides whether a trace is recorded.
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Sampling {
    /// The rate that applied, from 0 to 1.
    pub rate: f64,
    /// The number in `[0, 1)` that was compared with the rate; the same for the whole trace.
    pub rand: f64,
    /// Whether the trace wasn't sampled and is kept because it went wrong; the rate is 1 then. See
    /// [`TailSampling`](crate::TailSampling).
    pub tail: bool,
}

impl Transaction {
    /// The span that the transaction is named after.
    ///
    /// # Panics
    /// Never for a transaction made by this crate: each has a root.
    pub fn root(&self) -> &Span {
        &self.spans[0]
    }

    /// The spans below the root.
    pub fn children(&self) -> &[Span] {
        self.spans.get(1..).unwrap_or_default()
    }

    /// The span with this id.
    pub fn span(&self, id: SpanId) -> Option<&Span> {
        self.spans.iter().find(|span| span.id == id)
    }

    /// When the root ended.
    pub fn end(&self) -> SystemTime {
        self.root().start() + self.root().duration()
    }

    /// The id that links everything of one unit of work: the scope's, else the trace id.
    pub fn correlation_id(&self) -> String {
        self.scope.correlation_id(self.trace_id)
    }
}
