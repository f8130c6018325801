//! The share of each annotated function, looked at before anything is made of its error.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::append_only::{FIRST_SEGMENT, SEGMENTS, place};
use crate::callsite::Callsite;
use crate::clock;

const MINUTE_NANOS: u64 = 60_000_000_000;

/// What each callsite has reported in this minute of its process. A hub has its own, so that tests
/// don't see each other.
pub(crate) struct Callsites {
    limit: u32,
    /// A minute in ticks.
    minute: OnceLock<u64>,
    /// Made when the first of its callsites fails.
    segments: [OnceLock<Box<[Window]>>; SEGMENTS],
}

#[derive(Default)]
struct Window {
    /// The minute in the upper half, and what was reported in it in the lower.
    reported: AtomicU64,
    /// What was left out since the last report.
    left_out: AtomicU64,
}

impl Callsites {
    pub(in crate::policy) const fn new(limit: u32) -> Self {
        Self { limit, minute: OnceLock::new(), segments: [const { OnceLock::new() }; SEGMENTS] }
    }

    /// Whether the callsite has had its share of this minute. Takes no lock and changes nothing.
    ///
    /// `begun` is when the call began, in ticks, or 0 where nobody knows: it spares a look at the
    /// clock. A call that began in an earlier minute counts for the last one.
    #[inline]
    pub(crate) fn is_full(&self, site: &'static Callsite, begun: u64) -> bool {
        let Some(window) = self.existing(site) else { return false };
        let (minute, reported) = halves(window.reported.load(Ordering::Relaxed));
        reported >= self.limit
            && self.minute(if begun == 0 { clock::now() } else { begun }) <= minute
    }

    /// Notes that something was left out.
    pub(crate) fn leave_out(&self, site: &'static Callsite) {
        if let Some(window) = self.existing(site) {
            window.left_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Notes a report; returns what was left out since the one before.
    pub(crate) fn report(&self, site: &'static Callsite) -> u64 {
        self.report_at(site, 0)
    }

    /// The same where the time is known in ticks; 0: it isn't.
    #[inline]
    pub(crate) fn report_at(&self, site: &'static Callsite, now: u64) -> u64 {
        if self.limit == u32::MAX { 0 } else { self.report_one(site, now) }
    }

    fn report_one(&self, site: &'static Callsite, now: u64) -> u64 {
        let Some(window) = self.window(site) else { return 0 };
        let now = self.minute(if now == 0 { clock::now() } else { now });
        let next = |word| {
            let (minute, reported) = halves(word);
            let reported = if minute == now { reported.saturating_add(1) } else { 1 };
            Some(u64::from(now) << 32 | u64::from(reported))
        };
        let _ = window.reported.fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        // Mostly there is nothing to take out.
        let is_any = window.left_out.load(Ordering::Relaxed) != 0;
        if is_any { window.left_out.swap(0, Ordering::Relaxed) } else { 0 }
    }

    #[inline]
    fn existing(&self, site: &'static Callsite) -> Option<&Window> {
        let (segment, offset) = place((site.known_number() as usize).checked_sub(1)?);
        self.segments.get(segment)?.get()?.get(offset)
    }

    fn window(&self, site: &'static Callsite) -> Option<&Window> {
        let (segment, offset) = place((site.number() as usize).checked_sub(1)?);
        let make = || (0..FIRST_SEGMENT << segment).map(|_| Window::default()).collect();
        self.segments.get(segment)?.get_or_init(make).get(offset)
    }

    /// The number of the minute of these ticks.
    #[expect(clippy::cast_possible_truncation, reason = "four billion minutes")]
    fn minute(&self, ticks: u64) -> u32 {
        let minute = self.minute.get_or_init(|| clock::from_nanos(MINUTE_NANOS).max(1));
        (ticks / minute) as u32
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the halves of a word")]
const fn halves(word: u64) -> (u32, u32) {
    ((word >> 32) as u32, word as u32)
}
