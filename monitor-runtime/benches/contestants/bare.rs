//! The functions as they are, without any instrumentation.

use monitor_benches::{Contestant, cases, functions};

functions! {
    span: [], ok: [], stacked: [], captured: [], orphan: [], root: [],
}

#[inline(never)]
fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
    step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
}

fn main() {
    let flush = || {};
    monitor_benches::run(&Contestant { cases: cases!(), batch: 50_000, flush, delivered: || 0 });
}
