//! Calls that are reported while they still run.

use std::cell::Cell;
use std::hash::BuildHasherDefault;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::trace::IdMap;
use crate::callsite::{Callsite, flag};
use crate::context::local::Local;
use crate::context::{Open, Scope, scope};
use crate::hub::Hub;
use crate::policy::slow;
use crate::record::Event;

static NEXT: AtomicU64 = AtomicU64::new(0);
static WATCHED: Mutex<IdMap<Watched>> = Mutex::new(IdMap::with_hasher(BuildHasherDefault::new()));

thread_local! {
    /// The call of this thread that began to be watched last.
    static LAST: Cell<u64> = const { Cell::new(0) };
}

struct Watched {
    hub: &'static Hub,
    open: Open,
    /// Made when the call began: the collector can't see the call's thread.
    event: Event,
    scope: Option<Arc<Scope>>,
    reported: bool,
}

/// A call is watched until this is dropped.
#[must_use = "the call is watched until this is dropped"]
pub(crate) struct Watch(u64);

/// Watches a call: once it runs for longer than its limit it is reported, within 0.1 s.
pub(crate) fn watch(local: &Local, open: &Open) -> Watch {
    let number = NEXT.fetch_add(1, Ordering::Relaxed) + 1;
    let _ = LAST.try_with(|last| last.set(number));
    if let Some(hub) = Hub::current(local) {
        let scope = if local.has_scope.get() { scope::current() } else { None };
        let event = slow::still_running(local, hub, open);
        let watched = Watched { hub, open: *open, event, scope, reported: false };
        list(|watched_calls| watched_calls.insert(number, watched));
    }
    Watch(number)
}

/// Notes what the attributes of the running call have set on its scope, if the call is watched: the
/// watch began before them.
#[inline]
pub(crate) fn note_scope(local: &Local) {
    let running = local.path().next_back().and_then(Callsite::by_number);
    if let Some(site) = running.filter(|site| site.has(flag::WATCHDOG)) {
        note_scope_of(site);
    }
}

#[cold]
fn note_scope_of(site: &'static Callsite) {
    let number = LAST.try_with(Cell::get).unwrap_or(0);
    let scope = scope::current();
    let before = list(|watched| {
        // Another one, if an argument of the attribute called a watched function.
        let call = watched.get_mut(&number).filter(|call| std::ptr::eq(call.open.site, site))?;
        std::mem::replace(&mut call.scope, scope)
    });
    drop(before);
}

impl Drop for Watch {
    fn drop(&mut self) {
        let ended = list(|watched| watched.remove(&self.0));
        drop(ended);
    }
}

/// Reports the calls that have run for longer than their limit, each once.
pub(super) fn check() {
    let late: Vec<_> = list(|watched| {
        let late = watched.values_mut().filter(|call| {
            let elapsed = call.hub.clock().ticks().saturating_sub(call.open.start);
            !call.reported && slow::is_over(call.open.site, elapsed)
        });
        late.map(|call| {
            call.reported = true;
            (call.hub, call.open, call.event.clone(), call.scope.clone())
        })
        .collect()
    });
    for (hub, open, event, scope) in late {
        let now = hub.clock().ticks();
        slow::report_running(hub, &open, event, scope, open.elapsed_nanos(now));
    }
}

fn list<T>(f: impl FnOnce(&mut IdMap<Watched>) -> T) -> T {
    f(&mut WATCHED.lock().unwrap_or_else(PoisonError::into_inner))
}
