//! `sentry-trace`: `TRACE_ID-SPAN_ID`, and `-1` or `-0` where it is decided.

use super::Parent;
use crate::record::{SpanId, TraceId};

pub(crate) fn parse(header: &str) -> Option<Parent> {
    let mut parts = header.trim_matches([' ', '\t']).split('-');
    let trace_id = TraceId::parse(parts.next()?)?;
    let span_id = SpanId::parse(parts.next()?)?;
    let sampled = match parts.next() {
        None => None,
        Some("1") => Some(true),
        Some("0") => Some(false),
        Some(_) => return None,
    };
    parts.next().is_none().then_some(Parent { trace_id, span_id, sampled })
}

pub(super) fn write(parent: &Parent) -> String {
    let Parent { trace_id, span_id, sampled } = parent;
    match sampled {
        None => format!("{trace_id}-{span_id}"),
        Some(sampled) => format!("{trace_id}-{span_id}-{}", u8::from(*sampled)),
    }
}
