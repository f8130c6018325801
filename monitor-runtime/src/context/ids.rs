//! Numbers that are unlikely to be used twice, without a dependency.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::local::{self, KEY, Local};
use crate::record::{EventId, SpanId, TraceId};

struct Seeds {
    high: u64,
    low: u64,
    sample: u64,
}

/// From the system's random numbers, which seed the standard library's hash maps.
fn seeds() -> &'static Seeds {
    static SEEDS: OnceLock<Seeds> = OnceLock::new();
    SEEDS.get_or_init(|| Seeds { high: draw(1), low: draw(2), sample: draw(3) })
}

fn draw(number: u64) -> u64 {
    RandomState::new().hash_one((number, std::process::id()))
}

/// A random number other than 0.
#[cold]
#[inline(never)]
pub(crate) fn random() -> u64 {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    mix(seeds().low.wrapping_add(mix(count ^ seeds().high))).max(1)
}

/// The id of the trace with this key; the same whether it is sampled or not.
pub(crate) fn trace_id(key: u64) -> TraceId {
    let key = key & KEY;
    let high = u128::from(mix(key ^ seeds().high));
    let low = u128::from(mix(key.wrapping_add(seeds().low)) | 1);
    TraceId::new(high << 64 | low).unwrap_or_else(|| unreachable!("the lowest bit is set"))
}

/// The number in `[0, 1)` that decides whether the trace with this key is sampled.
pub(crate) fn sample_rand(key: u64) -> f64 {
    six_digits(mix((key & KEY) ^ seeds().sample))
}

/// The same for a trace that another service began: each process finds the same.
pub(crate) fn rand_of(trace_id: TraceId) -> f64 {
    #[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
    let halves = [trace_id.get() as u64, (trace_id.get() >> 64) as u64];
    six_digits(mix(halves[0] ^ mix(halves[1])))
}

/// A number in `[0, 1)` with the six digits that other services get to see: what is compared here
/// must be what they compare.
fn six_digits(random: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "six digits are exact")]
    let millionths = (random % 1_000_000) as f64;
    millionths / 1e6
}

/// An id for a trace that no root has begun.
pub(crate) fn new_trace_id() -> TraceId {
    trace_id(random())
}

/// An id that stands for a span where none is open.
pub(crate) fn new_span_id() -> SpanId {
    SpanId::new(random()).unwrap_or_else(|| unreachable!("never 0"))
}

/// A new event's id.
pub(crate) fn new_event_id() -> EventId {
    event_id(local::with(Local::next_id))
}

/// The id of the event with this number, which only one event has.
pub(super) fn event_id(number: u64) -> EventId {
    // A forked child goes on with its parent's numbers: of two events with one id Sentry drops one.
    let number = number ^ u64::from(crate::collect::process_id()) << 32;
    EventId::new(u128::from(mix(number)) << 64 | u128::from(mix(!number)))
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): each bit depends on each.
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
