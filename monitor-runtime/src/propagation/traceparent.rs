//! `traceparent` of W3C Trace Context: `00-TRACE_ID-SPAN_ID-FLAGS`, in small letters.

use super::Parent;
use crate::record::{SpanId, TraceId};

/// The length in version 00; later versions may add parts.
const LENGTH: usize = 55;

pub(super) fn parse(header: &str) -> Option<Parent> {
    let header = header.trim_matches([' ', '\t']);
    let (known, later) = header.split_at_checked(LENGTH)?;
    let mut parts = known.split('-');
    let [version, trace, span, flags] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    let is_hex = |text: &str| text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let small = [version, trace, span, flags].iter().all(|part| is_hex(part));
    let right_lengths = version.len() == 2 && flags.len() == 2 && parts.next().is_none();
    let right_version = match version {
        "ff" => false,
        "00" => later.is_empty(),
        _ => later.is_empty() || later.starts_with('-'),
    };
    if !(small && right_lengths && right_version) {
        return None;
    }
    let flags = u8::from_str_radix(flags, 16).ok()?;
    Some(Parent {
        trace_id: TraceId::parse(trace)?,
        span_id: SpanId::parse(span)?,
        sampled: Some(flags & 1 == 1),
    })
}

pub(super) fn write(parent: &Parent) -> String {
    let Parent { trace_id, span_id, sampled } = parent;
    format!("00-{trace_id}-{span_id}-{:02x}", u8::from(*sampled == Some(true)))
}
