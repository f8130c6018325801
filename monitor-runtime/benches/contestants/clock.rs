//! The least that a span can cost: two looks at the clock, and nothing done with them.

use std::cell::Cell;

use monitor_benches::work::step;
use monitor_benches::{Contestant, cases};

thread_local! {
    static TICKS: Cell<u64> = const { Cell::new(0) };
}

/// Looks at the clock where a span would begin, and where it would end.
struct Looks(u64);

impl Looks {
    #[inline]
    fn begin() -> Self {
        Self(now())
    }
}

impl Drop for Looks {
    #[inline]
    fn drop(&mut self) {
        TICKS.set(now().wrapping_sub(self.0));
    }
}

#[cfg(target_arch = "x86_64")]
#[inline]
fn now() -> u64 {
    // SAFETY: every processor of this architecture has the instruction.
    unsafe { core::arch::x86_64::_rdtsc() }
}

#[cfg(not(target_arch = "x86_64"))]
#[inline]
fn now() -> u64 {
    std::time::Instant::now().elapsed().subsec_nanos().into()
}

#[inline(never)]
fn leaf(n: u64) -> u64 {
    let _looks = Looks::begin();
    step(n)
}

#[inline(never)]
fn root(n: u64) -> u64 {
    (0..n).fold(0, |sum, _| leaf(sum))
}

#[inline(never)]
fn nested(depth: u64) -> u64 {
    let _looks = Looks::begin();
    if depth == 1 { step(depth) } else { step(nested(depth - 1)) }
}

#[inline(never)]
fn root_nested(n: u64) -> u64 {
    (0..n / 10).fold(0, |sum, _| sum ^ nested(10))
}

fn main() {
    fn times(roots: u64, work: impl Fn() -> u64) {
        for _ in 0..roots {
            std::hint::black_box(work());
        }
    }
    use monitor_benches::{Case, Run};
    let cases = cases! {
        "leaf100": 100 Run::Here(|roots| times(roots, || root(100)));
        "leaf1000": 1000 Run::Here(|roots| times(roots, || root(1000)));
        "leaf10000": 10000 Run::Here(|roots| times(roots, || root(10_000)));
        "nested": 100 Run::Here(|roots| times(roots, || root_nested(100)));
    };
    let flush = || {};
    monitor_benches::run(&Contestant { cases, batch: 50_000, flush, delivered: || 0 });
}
