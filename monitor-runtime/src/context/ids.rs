//! Numbers that are unlikely to be used twice, without a dependency.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use super::local::UNSAMPLED;
use crate::record::{EventId, TraceId};

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
    let key = key & !UNSAMPLED;
    let high = u128::from(mix(key ^ seeds().high));
    let low = u128::from(mix(key.wrapping_add(seeds().low)) | 1);
    TraceId::new(high << 64 | low).unwrap_or_else(|| unreachable!("the lowest bit is set"))
}

/// The number in `[0, 1)` that decides whether the trace with this key is sampled.
pub(crate) fn sample_rand(key: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let bits = (mix((key & !UNSAMPLED) ^ seeds().sample) >> 11) as f64;
    bits / (1_u64 << 53) as f64
}

/// A new event's id.
pub(crate) fn event_id() -> EventId {
    EventId::new(u128::from(random()) << 64 | u128::from(random()))
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014): each bit depends on each.
const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
