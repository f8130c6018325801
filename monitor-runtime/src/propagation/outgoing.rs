//! From the current span to headers.

use std::sync::Arc;

use super::baggage::{self, SentryBaggage};
use super::{BAGGAGE, Parent, SENTRY_TRACE, TRACEPARENT, TRACESTATE, sentry_trace, traceparent};
use crate::context::{self, CurrentTrace};
use crate::settings::Settings;

/// Headers that continue a trace in another service: pairs of a name and a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TraceHeaders {
    pairs: Vec<(&'static str, String)>,
}

/// The headers that continue the current trace in another service: `sentry-trace`, `baggage` and
/// `traceparent`, and the `tracestate` that came in.
///
/// Each call gives them anew, because they name the span that is current. They are also there
/// where the trace isn't sampled, which they say, and outside of every span: then the first call
/// begins a trace to which the errors of the same scope belong. Without monitoring there are none.
///
/// ```
/// let mut request = Vec::new();
/// for (name, value) in monitor_runtime::current_trace_headers() {
///     request.push(format!("{name}: {value}\r\n"));
/// }
/// ```
pub fn current_trace_headers() -> TraceHeaders {
    context::current_trace(true)
        .map(|(trace, settings)| headers(&trace, settings))
        .unwrap_or_default()
}

/// As [`current_trace_headers`], for a request to this URL: none unless it is one of the
/// [propagation targets](crate::Config::with_trace_propagation_targets).
pub fn trace_headers_for(url: &str) -> TraceHeaders {
    let is_target = |settings: &Settings| match &settings.tracing.targets {
        Some(targets) => targets.iter().any(|target| url.contains(target.as_str())),
        None => true,
    };
    match context::settings() {
        Some(settings) if is_target(settings) => current_trace_headers(),
        _ => TraceHeaders::default(),
    }
}

fn headers(trace: &CurrentTrace, settings: &Settings) -> TraceHeaders {
    let parent =
        Parent { trace_id: trace.trace_id, span_id: trace.span_id, sampled: trace.sampled };
    let mut pairs = vec![(SENTRY_TRACE, sentry_trace::write(&parent))];
    let upstream = trace.propagation.as_ref().map(|propagation| Arc::clone(&propagation.upstream));
    let upstream = upstream.unwrap_or_default();
    let frozen = trace.propagation.as_ref().and_then(|propagation| propagation.frozen());
    let sentry = frozen.unwrap_or_else(|| sampling_context(trace, settings));
    let baggage = baggage::write(&sentry, &upstream.others);
    if !baggage.is_empty() {
        pairs.push((BAGGAGE, baggage));
    }
    if settings.tracing.traceparent {
        pairs.push((TRACEPARENT, traceparent::write(&parent)));
        if !upstream.tracestate.is_empty() {
            pairs.push((TRACESTATE, upstream.tracestate.clone()));
        }
    }
    TraceHeaders { pairs }
}

/// The dynamic sampling context of a trace that begins in this process.
fn sampling_context(trace: &CurrentTrace, settings: &Settings) -> SentryBaggage {
    let identity = &settings.tracing.identity;
    let mut sentry = SentryBaggage::default();
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            sentry.set(name, value);
        }
    };
    add("trace_id", Some(trace.trace_id.to_string()));
    add("sample_rand", Some(format!("{:.6}", trace.sampling.rand)));
    // Without a span nothing is decided yet.
    let decided = trace.sampled.filter(|_| trace.name.is_some());
    add("sample_rate", decided.map(|_| trace.sampling.rate.to_string()));
    add("sampled", decided.map(|sampled| sampled.to_string()));
    add("environment", identity.environment.as_deref().map(str::to_owned));
    add("release", identity.release.as_deref().map(str::to_owned));
    add("public_key", identity.public_key.clone());
    add("org_id", identity.org_id.map(|id| id.to_string()));
    add("transaction", trace.name.map(str::to_owned));
    sentry
}

impl TraceHeaders {
    /// The pairs of names, in small letters, and values.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.pairs.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The value of a header.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.is_empty()
    }
}

impl IntoIterator for TraceHeaders {
    type Item = (&'static str, String);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.pairs.into_iter()
    }
}
