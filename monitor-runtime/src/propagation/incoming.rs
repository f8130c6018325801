//! From headers to a context.

use std::sync::Once;

use super::baggage::{self, Baggage};
use super::limits::{BAGGAGE_BYTES, TRACE_BYTES, TRACESTATE_BYTES};
use super::{BAGGAGE, Identity, Parent, Propagation, SENTRY_TRACE, TRACEPARENT, TRACESTATE};
use super::{SentryBaggage, Upstream, sentry_trace, traceparent};
use crate::context::{self, Context};
use crate::diagnostics;
use crate::hub::Hub;

/// A context in which the trace of these headers goes on: roots that begin in it belong to the
/// caller's trace, are sampled as the caller decided, and have the caller's span as their parent.
///
/// Takes the headers of a request, of whatever library: `sentry-trace`, `baggage`, `traceparent`
/// and `tracestate` are read, in any case of letters; the others are passed over. `sentry-trace`
/// wins over `traceparent`. What is malformed, or longer than anybody may send, is ignored.
///
/// Without any of them the context is a plain one, outside of every span.
///
/// ```
/// use monitor_runtime::{continue_trace, traced};
///
/// #[traced(op = "http.server", name = "GET /orders")]
/// async fn orders() {}
///
/// # async fn f() {
/// let headers = [("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
/// continue_trace(headers).wrap(orders()).await;
/// # }
/// ```
///
/// A trace of another organisation is not continued; see
/// [`Config::with_strict_trace_continuation`](crate::Config::with_strict_trace_continuation).
#[must_use = "enter the context, or wrap a future in it"]
pub fn continue_trace<K: AsRef<str>, V: AsRef<[u8]>>(
    headers: impl IntoIterator<Item = (K, V)>,
) -> Context {
    let context = Context::outside_of_spans();
    let Some(hub) = context.hub() else { return context };
    let mut found = Headers::find(headers);
    let tracing = &hub.settings().tracing;
    let rule = Continuation { identity: &tracing.identity, strict: tracing.strict_continuation };
    let propagation = found.propagation(&rule);
    found.report(hub);
    match propagation {
        Some(propagation) => context.with_propagation(propagation),
        None => context,
    }
}

#[derive(Default)]
struct Headers {
    sentry_trace: Option<String>,
    traceparent: Option<String>,
    tracestate: String,
    baggage: String,
    /// Headers, and members of a baggage, that are malformed or too long.
    ignored: u64,
}

impl Headers {
    fn find<K: AsRef<str>, V: AsRef<[u8]>>(headers: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut found = Self::default();
        for (name, value) in headers {
            let (name, value) = (name.as_ref(), value.as_ref());
            if name.eq_ignore_ascii_case(SENTRY_TRACE) {
                found.ignored += first(&mut found.sentry_trace, value);
            } else if name.eq_ignore_ascii_case(TRACEPARENT) {
                found.ignored += first(&mut found.traceparent, value);
            } else if name.eq_ignore_ascii_case(BAGGAGE) {
                found.ignored += join(&mut found.baggage, value, BAGGAGE_BYTES);
            } else if name.eq_ignore_ascii_case(TRACESTATE) {
                found.ignored += join(&mut found.tracestate, value, TRACESTATE_BYTES);
            }
        }
        found
    }

    fn propagation(&mut self, rule: &Continuation<'_>) -> Option<Propagation> {
        let from_sentry = self.sentry_trace.as_deref().map(sentry_trace::parse);
        let from_w3c = self.traceparent.as_deref().map(traceparent::parse);
        let baggage = baggage::parse(&self.baggage);
        let malformed = [from_sentry, from_w3c].into_iter().filter(|found| *found == Some(None));
        self.ignored += baggage.ignored + malformed.count() as u64;
        let (from_sentry, from_w3c) = (from_sentry.flatten(), from_w3c.flatten());
        let parent = from_sentry.or(from_w3c).filter(|_| rule.allows(&baggage.sentry));
        let others = baggage.others.clone();
        let Some(parent) = parent else {
            // The members of others are theirs, whatever trace it is.
            let upstream = Upstream { others, ..Upstream::default() };
            return (!upstream.others.is_empty()).then(|| begin(upstream));
        };
        let same_trace = from_w3c.is_some_and(|w3c| w3c.trace_id == parent.trace_id);
        let tracestate = if same_trace { self.tracestate.clone() } else { String::new() };
        let sentry = sampling_context(baggage, &parent, from_sentry.is_some());
        let upstream = Upstream { sentry, others, tracestate };
        Some(Propagation::of(parent, context::new_span_id(), upstream))
    }

    /// Counts what was ignored, and says so once.
    fn report(&self, hub: &Hub) {
        if self.ignored > 0 {
            static ONCE: Once = Once::new();
            hub.losses().malformed_headers(self.ignored);
            // Not the header itself: it may hold anything.
            ONCE.call_once(|| diagnostics::info("ignored a trace header that is malformed"));
        }
    }
}

/// The dynamic sampling context that came in. A caller that knows Sentry and sent none has frozen
/// an empty one; for any other, this process writes it.
fn sampling_context(baggage: Baggage, parent: &Parent, by_sentry: bool) -> Option<SentryBaggage> {
    let sentry = baggage.sentry;
    match sentry.is_of(parent.trace_id) {
        true if by_sentry || !sentry.is_empty() => Some(sentry),
        false if by_sentry => Some(SentryBaggage::default()),
        _ => None,
    }
}

fn begin(upstream: Upstream) -> Propagation {
    let new = Propagation::new(context::new_trace_id(), context::new_span_id());
    Propagation { continues: true, upstream: upstream.into(), ..new }
}

fn text(value: &[u8], max: usize) -> Option<&str> {
    // What is too long isn't even looked at.
    let text = Some(value).filter(|value| value.len() <= max)?;
    let text = str::from_utf8(text).ok()?;
    text.bytes().all(|byte| byte == b'\t' || (b' '..0x7f).contains(&byte)).then_some(text)
}

/// Takes the first header of its name; how many were ignored.
fn first(slot: &mut Option<String>, value: &[u8]) -> u64 {
    if slot.is_none() {
        *slot = text(value, TRACE_BYTES).map(str::to_owned);
    }
    u64::from(slot.is_none())
}

/// Several headers of one name are one list; how many were ignored.
fn join(list: &mut String, value: &[u8], max: usize) -> u64 {
    let Some(value) = text(value, max.saturating_sub(list.len())) else { return 1 };
    if !list.is_empty() {
        list.push(',');
    }
    list.push_str(value);
    0
}

/// Whose traces are continued.
struct Continuation<'a> {
    identity: &'a Identity,
    strict: bool,
}

impl Continuation<'_> {
    /// Sentry's rule: two different organisations never share a trace; if one of the two isn't
    /// known, they do unless continuation is strict.
    fn allows(&self, sentry: &SentryBaggage) -> bool {
        let ours = self.identity.org_id.map(|id| id.to_string());
        match (ours.as_deref(), sentry.org_id()) {
            (Some(ours), Some(theirs)) => ours == theirs,
            (None, None) => true,
            _ => !self.strict,
        }
    }
}
