//! The functions as they are, without any instrumentation.

use monitor_benches::work::{Refused, SHAPE, Shape, Yields, block_on, step};
use monitor_benches::{Contestant, cases};

#[inline(never)]
fn leaf(n: u64) -> u64 {
    step(n)
}

#[inline(never)]
fn root(n: u64) -> u64 {
    (0..n).fold(0, |sum, _| leaf(sum))
}

#[inline(never)]
fn nested(depth: u64) -> u64 {
    if depth == 1 { step(depth) } else { step(nested(depth - 1)) }
}

#[inline(never)]
fn root_nested(n: u64) -> u64 {
    (0..n / 10).fold(0, |sum, _| sum ^ nested(10))
}

#[inline(never)]
fn fields(id: u64, offset: i64, name: &str, shape: &Shape) -> u64 {
    step(id) ^ offset as u64 ^ name.len() as u64 ^ u64::from(shape.width)
}

#[inline(never)]
fn root_fields(n: u64) -> u64 {
    (0..n).fold(0, |sum, i| sum ^ fields(i, -3, "select * from users", &SHAPE))
}

#[inline(never)]
fn fallible(n: u64) -> Result<u64, Refused> {
    if n == u64::MAX { Err(Refused(n)) } else { Ok(step(n)) }
}

#[inline(never)]
fn root_stacked(n: u64) -> u64 {
    (0..n).fold(0, |sum, i| sum ^ fallible(i).unwrap_or(0))
}

#[inline(never)]
fn root_err(n: u64) -> u64 {
    (0..n).fold(0, |sum, _| sum ^ fallible(u64::MAX).unwrap_or(1))
}

#[inline(never)]
async fn ready(n: u64) -> u64 {
    step(n)
}

#[inline(never)]
async fn yielding(n: u64) -> u64 {
    Yields(10).await;
    step(n)
}

#[inline(never)]
async fn root_async(n: u64, yields: bool) -> u64 {
    let mut sum = 0;
    for _ in 0..n {
        sum = if yields { yielding(sum).await } else { ready(sum).await };
    }
    sum
}

fn times(roots: u64, work: impl Fn() -> u64) {
    for _ in 0..roots {
        std::hint::black_box(work());
    }
}

fn main() {
    monitor_benches::run(&Contestant {
        cases: cases! {
            "leaf100": 100 |roots| times(roots, || root(100));
            "leaf1000": 1000 |roots| times(roots, || root(1000));
            "leaf10000": 10000 |roots| times(roots, || root(10_000));
            "nested": 100 |roots| times(roots, || root_nested(100));
            "fields": 100 |roots| times(roots, || root_fields(100));
            "traced_ok": 100 |roots| times(roots, || root_stacked(100));
            "stacked": 100 |roots| times(roots, || root_stacked(100));
            "err": 100 |roots| times(roots, || root_err(100));
            "async0": 100 |roots| times(roots, || block_on(root_async(100, false)));
            "async10": 100 |roots| times(roots, || block_on(root_async(100, true)));
            "orphan": 1 |roots| times(roots, || leaf(3));
        },
        flush: || {},
        delivered: || 0,
    });
}
