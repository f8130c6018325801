//! Calls that are reported while they still run.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::context::local::Local;
use crate::context::{Open, Scope, scope};
use crate::hub::Hub;
use crate::policy::slow;
use crate::record::Event;

static NEXT: AtomicU64 = AtomicU64::new(0);
static WATCHED: Mutex<Vec<Watched>> = Mutex::new(Vec::new());

struct Watched {
    number: u64,
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
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    if let Some(hub) = Hub::current(local) {
        let scope = if local.has_scope.get() { scope::current() } else { None };
        let event = slow::still_running(local, hub, open);
        let watched = Watched { number, hub, open: *open, event, scope, reported: false };
        list(|watched_calls| watched_calls.push(watched));
    }
    Watch(number)
}

impl Drop for Watch {
    fn drop(&mut self) {
        let ended = list(|watched| {
            let at = watched.iter().position(|call| call.number == self.0)?;
            Some(watched.swap_remove(at))
        });
        drop(ended);
    }
}

/// Reports the calls that have run for longer than their limit, each once.
pub(super) fn check() {
    let late: Vec<_> = list(|watched| {
        let late = watched.iter_mut().filter(|call| {
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

fn list<T>(f: impl FnOnce(&mut Vec<Watched>) -> T) -> T {
    f(&mut WATCHED.lock().unwrap_or_else(PoisonError::into_inner))
}
