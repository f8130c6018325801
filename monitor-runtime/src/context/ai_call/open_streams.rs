//! Streams of models' answers that are open: one that stays open for too long is reported while it does.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use super::super::capture;
use super::super::local::Local;
use super::super::moment::Moment;
use super::AiCall;
use crate::ai;
use crate::clock;
use crate::hub::{Hub, Periodic, Tick};
use crate::policy::slow;

/// Tells two streams apart that are due at the same moment.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// Streams of a hub that are looked after, at some 300 bytes each.
const MAX: usize = 10_000;

/// When a stream is due, in ticks of its hub's clock, and its number.
type Due = (u64, u64);

/// Those of one hub. One that nobody drops, because it was forgotten, is here until it is reported.
#[derive(Default)]
pub(crate) struct OpenStreams(Mutex<BTreeMap<Due, Opened>>);

struct Opened {
    /// When the stream began: the collector can't see its thread.
    moment: Moment,
    call: Arc<AiCall>,
    /// In nanoseconds.
    limit: u64,
}

/// A stream is looked after until this is dropped.
#[must_use = "the stream is looked after until this is dropped"]
pub(in crate::context) struct OpenGuard {
    hub: &'static Hub,
    due: Due,
}

/// Looks after a stream whose span is current; `None` where it may be open for as long as it likes.
pub(in crate::context) fn opened(local: &Local, call: &Arc<AiCall>) -> Option<OpenGuard> {
    let hub = Hub::current(local)?;
    let limit = match call.ai.max_open_nanos {
        0 => hub.settings().ai.max_open_nanos(),
        nanos => nanos,
    };
    if limit == 0 {
        return None;
    }
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let due = (call.start.saturating_add(clock::from_nanos(limit)), number);
    let opened = Opened { moment: Moment::now(local, hub), call: Arc::clone(call), limit };
    let is_kept = hub.open_streams().insert(due, opened);
    is_kept.then_some(OpenGuard { hub, due })
}

#[cold]
fn tell_of_too_many() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        crate::diagnostics::warn(&format!(
            "{MAX} streams of models' answers are open: of others nobody hears that they stay open",
        ));
    });
}

impl Drop for OpenGuard {
    fn drop(&mut self) {
        // Dropped behind the lock: it may be the last of its scope.
        let ended = self.hub.open_streams().list().remove(&self.due);
        drop(ended);
    }
}

impl OpenStreams {
    fn list(&self) -> MutexGuard<'_, BTreeMap<Due, Opened>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `false` where there are too many already.
    fn insert(&self, due: Due, opened: Opened) -> bool {
        let mut list = self.list();
        if list.len() >= MAX {
            drop(list);
            tell_of_too_many();
            return false;
        }
        list.insert(due, opened);
        true
    }

    /// Takes out the first one that is due by now.
    fn take_due(&self, now: u64) -> Option<Opened> {
        let mut list = self.list();
        let first = list.first_entry().filter(|first| first.key().0 <= now)?;
        Some(first.remove())
    }
}

/// Reports the streams of a hub that have been open for too long, each once.
pub(crate) struct Overdue;

impl Periodic for Overdue {
    fn tick(&mut self, tick: &Tick) {
        let now = tick.hub.clock().ticks();
        while let Some(opened) = tick.hub.open_streams().take_due(now) {
            opened.report(tick.hub, now);
        }
        if tick.closing {
            let left = std::mem::take(&mut *tick.hub.open_streams().list());
            drop(left);
        }
    }
}

impl Opened {
    fn report(self, hub: &'static Hub, now: u64) {
        let Self { moment, call, limit } = self;
        let model = call.model_name();
        ai::stream_is_overdue(hub, call.ai, model.as_deref());
        let nanos = clock::to_nanos(now.saturating_sub(call.start));
        slow::report_open_stream(hub, call.site, (nanos, limit), || {
            let mut event = moment.event();
            event.timestamp = hub.clock().wall_time();
            capture::describe_stream(&mut event, &call);
            event
        });
    }
}
