//! The attribute of hotpath, which counts calls and times by function: no spans, no fields, no errors.

use hotpath::{HotpathGuardBuilder, measure};
use monitor_benches::{Contestant, cases, functions};

functions! {
    span: [measure], ok: [measure], stacked: [measure], captured: [measure],
    orphan: [measure], root: [measure],
}

#[measure]
#[inline(never)]
fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
    step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
}

fn main() {
    let guard = HotpathGuardBuilder::new("benches").build();
    // It keeps sums, not spans: nothing to deliver, and no flush before the end.
    let flush = || {};
    monitor_benches::run(&Contestant { cases: cases!(), batch: 20_000, flush, delivered: || 0 });
    std::mem::forget(guard);
    std::process::exit(0);
}
