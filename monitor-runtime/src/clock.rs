//! Time as cheap ticks on the caller's side; wall time is worked out on the collector.
//!
//! On Linux on x86-64, while the kernel itself keeps time by the time stamp counter, a tick is one
//! count of it: the kernel has then checked that the counter runs at one rate, on all cores alike,
//! and through sleep states. Everywhere else a tick is a nanosecond of [`Instant`].

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Whether ticks are counts of the time stamp counter.
static COUNTER: AtomicBool = AtomicBool::new(false);
/// Nanoseconds a tick, times 2^32; 0 until the first conversion.
static RATE: AtomicU64 = AtomicU64::new(0);
static START: OnceLock<Anchor> = OnceLock::new();

const ONE: u64 = 1 << 32;

/// One moment on two clocks.
#[derive(Clone, Copy)]
struct Anchor {
    ticks: u64,
    instant: Instant,
}

/// Chooses the clock. Called before the first span; later calls do nothing.
pub(crate) fn start() {
    START.get_or_init(|| {
        if counter_is_sound() {
            COUNTER.store(true, Ordering::Relaxed);
        } else {
            RATE.store(ONE, Ordering::Relaxed);
        }
        Anchor { ticks: counter(), instant: Instant::now() }
    });
}

/// The current moment in ticks.
#[inline]
pub(crate) fn now() -> u64 {
    if has_counter() { from_counter() } else { skewed(instant_nanos()) }
}

/// As [`now`], on a clock that nobody moves.
pub(crate) fn now_unmoved() -> u64 {
    if has_counter() { counter() } else { instant_nanos() }
}

/// Whether [`from_counter`] gives the current moment.
#[inline]
pub(crate) fn has_counter() -> bool {
    COUNTER.load(Ordering::Relaxed)
}

/// The current moment in ticks, where there is a counter.
#[inline]
pub(crate) fn from_counter() -> u64 {
    skewed(counter())
}

#[inline]
fn skewed(ticks: u64) -> u64 {
    #[cfg(feature = "mock")]
    let ticks = ticks.wrapping_add(SKEW.try_with(Cell::get).unwrap_or(0));
    ticks
}

#[cfg(feature = "mock")]
thread_local! {
    /// What tests moved this thread's clock by, in ticks.
    static SKEW: Cell<u64> = const { Cell::new(0) };
}

/// What tests moved this thread's clock by.
pub(crate) fn moved_by() -> Duration {
    #[cfg(feature = "mock")]
    return Duration::from_nanos(to_nanos(SKEW.try_with(Cell::get).unwrap_or(0)));
    #[cfg(not(feature = "mock"))]
    Duration::ZERO
}

/// The time since the first hub was opened, on no thread's clock.
pub(crate) fn since_start() -> Duration {
    START.get().map_or(Duration::ZERO, |anchor| anchor.instant.elapsed())
}

/// Moves this thread's clock, for tests that must not sleep.
#[cfg(feature = "mock")]
pub(crate) fn advance(by: Duration) {
    let nanos = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
    SKEW.set(SKEW.get().wrapping_add(from_nanos(nanos)));
}

/// The wall time of now, on a clock that tests move.
pub(crate) fn wall_time() -> SystemTime {
    let now = SystemTime::now();
    #[cfg(feature = "mock")]
    if let Some(skew) = SKEW.try_with(Cell::get).ok().filter(|skew| *skew > 0) {
        return now + Duration::from_nanos(to_nanos(skew));
    }
    now
}

/// Nanoseconds a tick, times 2^32.
#[inline]
fn rate() -> u64 {
    match RATE.load(Ordering::Relaxed) {
        0 => calibrate(),
        rate => rate,
    }
}

/// A number of ticks in nanoseconds.
#[inline]
pub(crate) fn to_nanos(ticks: u64) -> u64 {
    saturating((u128::from(ticks) * u128::from(rate())) >> 32)
}

/// A number of nanoseconds in ticks.
pub(crate) fn from_nanos(nanos: u64) -> u64 {
    saturating((u128::from(nanos) << 32) / u128::from(rate().max(1)))
}

fn saturating(wide: u128) -> u64 {
    u64::try_from(wide).unwrap_or(u64::MAX)
}

/// Compares the two clocks since the start and keeps the rate. The longer ago the start, the
/// better: after 1 ms it is good to some 50 parts in a million, and the collector repeats it.
#[cold]
pub(crate) fn calibrate() -> u64 {
    start();
    let Some(anchor) = START.get().filter(|_| COUNTER.load(Ordering::Relaxed)) else {
        return ONE;
    };
    let mut elapsed = anchor.instant.elapsed();
    while elapsed < Duration::from_micros(20) {
        // Only in the first moments of the process, when there is nothing to compare yet.
        std::hint::spin_loop();
        elapsed = anchor.instant.elapsed();
    }
    let ticks = counter().saturating_sub(anchor.ticks).max(1);
    let rate = saturating((elapsed.as_nanos() << 32) / u128::from(ticks)).max(1);
    RATE.store(rate, Ordering::Relaxed);
    rate
}

/// Turns ticks into wall time, the same way for all spans of a transaction.
#[derive(Clone, Copy)]
pub(crate) struct WallClock {
    /// When it was made.
    ticks: u64,
    /// Nanoseconds a tick, times 2^32.
    rate: u64,
    /// The wall time of tick 0, in nanoseconds since 1970.
    nanos: u64,
}

impl WallClock {
    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // Without what a test moved this thread's clock by: the wall's isn't moved.
        let ticks = if has_counter() { counter() } else { instant_nanos() };
        let clock = Self { ticks, rate: rate(), nanos: 0 };
        Self { nanos: saturating(since.as_nanos()).saturating_sub(clock.nanos_of(ticks)), ..clock }
    }

    /// One that is at most some milliseconds old, for what happens one by one.
    pub(crate) fn of_this_moment() -> Self {
        thread_local! {
            static LAST: Cell<Option<WallClock>> = const { Cell::new(None) };
        }
        const FRESH_NANOS: u64 = 5_000_000;
        let last = LAST.try_with(Cell::get).ok().flatten();
        let is_fresh = |last: &Self| {
            let now = if has_counter() { counter() } else { instant_nanos() };
            now.checked_sub(last.ticks).is_some_and(|ago| to_nanos(ago) < FRESH_NANOS)
        };
        last.filter(is_fresh).unwrap_or_else(|| {
            let now = Self::now();
            let _ = LAST.try_with(|last| last.set(Some(now)));
            now
        })
    }

    /// The moment that it was read at, in nanoseconds since 1970.
    #[cfg(feature = "sentry")]
    pub(crate) const fn nanos(&self) -> u64 {
        self.nanos
    }

    /// The wall time of a tick, in nanoseconds since 1970. A later tick never gives an earlier
    /// time.
    #[inline]
    pub(crate) const fn at(&self, ticks: u64) -> u64 {
        self.nanos.wrapping_add(self.nanos_of(ticks))
    }

    /// A number of ticks in nanoseconds.
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "no tick is longer than a nanosecond by much"
    )]
    pub(crate) const fn nanos_of(&self, ticks: u64) -> u64 {
        ((ticks as u128 * self.rate as u128) >> 32) as u64
    }
}

#[cold]
#[inline(never)]
fn instant_nanos() -> u64 {
    match START.get() {
        Some(anchor) => saturating(anchor.instant.elapsed().as_nanos()),
        None => 0,
    }
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
#[inline]
fn counter() -> u64 {
    // SAFETY: every x86-64 processor has the instruction, and it only reads a register.
    #[expect(unsafe_code, reason = "17 ns a span less than `Instant::now`, twice")]
    unsafe {
        core::arch::x86_64::_rdtsc()
    }
}

#[cfg(not(all(target_arch = "x86_64", not(miri))))]
fn counter() -> u64 {
    0
}

fn counter_is_sound() -> bool {
    const CLOCK_IN_USE: &str = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    cfg!(all(target_arch = "x86_64", target_os = "linux", not(miri)))
        && std::fs::read_to_string(CLOCK_IN_USE).is_ok_and(|name| name.trim() == "tsc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_and_nanoseconds_agree() {
        start();
        let there_and_back = to_nanos(from_nanos(1_000_000_000));
        assert!(there_and_back.abs_diff(1_000_000_000) < 1_000, "{there_and_back}");
    }

    #[test]
    fn wall_time_keeps_the_order_of_ticks() {
        start();
        let clock = WallClock::now();
        let second = from_nanos(1_000_000_000);
        let (before, after) = (clock.ticks.saturating_sub(second), clock.ticks + second);
        assert!(clock.at(before) < clock.at(clock.ticks));
        assert!(clock.at(clock.ticks) < clock.at(after));
    }
}
