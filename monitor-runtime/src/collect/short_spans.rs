//! Spans that are too short to be delivered.

use super::sites::{self, Sites};
use super::trace::{IdMap, RawSpan};
use crate::clock;

/// Leaves out the spans that are shorter than their `min_duration`, and any that nothing is known of;
/// what hangs below one of them hangs below its parent then. With the root all of them are left out.
pub(super) fn leave_out(spans: &mut Vec<RawSpan>, root: u64) {
    let mut sites = Sites::default();
    let mut is_out = |raw: &RawSpan| {
        let site = sites.of(raw.header.callsite());
        let min = site.details.min_duration_nanos;
        raw.id == 0 || sites::is_unknown(site) || min > 0 && clock::to_nanos(raw.ticks()) < min
    };
    if !spans.iter().any(&mut is_out) {
        return;
    }
    let short: IdMap<u64> =
        spans.iter().filter(|raw| is_out(raw)).map(|raw| (raw.id, raw.parent)).collect();
    if short.contains_key(&root) {
        return spans.clear();
    }
    spans.retain(|raw| !short.contains_key(&raw.id));
    for raw in spans {
        while let Some(parent) = short.get(&raw.parent).filter(|_| raw.parent != 0) {
            raw.parent = *parent;
        }
    }
}
