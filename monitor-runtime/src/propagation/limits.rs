//! How much of a header is read. What comes from outside may be anything.

/// Bytes of all `baggage` headers together: the most that W3C Baggage wants passed on.
pub(super) const BAGGAGE_BYTES: usize = 8192;
/// Members of a baggage: the most that W3C Baggage wants passed on.
pub(super) const BAGGAGE_MEMBERS: usize = 64;
/// Bytes of `tracestate`: the least that W3C Trace Context wants passed on.
pub(super) const TRACESTATE_BYTES: usize = 512;
/// Bytes of `sentry-trace` and `traceparent`, which have 51 and 55.
pub(super) const TRACE_BYTES: usize = 128;
