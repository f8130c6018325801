//! What is too large or too rare for the chunks, on its way to the collector.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::context::{ErrorReport, Scope};
use crate::hub::Hub;
use crate::record::Event;

/// Events and scopes that may wait: at 2 KiB an event with its chain some 40 MiB.
pub(crate) const DEFAULT_LIMIT: usize = 20_000;

/// Parcels for which there is always memory.
const KEPT: usize = 64;

static LIMIT: AtomicUsize = AtomicUsize::new(DEFAULT_LIMIT);
static QUEUE: Mutex<VecDeque<Parcel>> = Mutex::new(VecDeque::new());

#[expect(
    clippy::large_enum_variant,
    reason = "what is made by one thread and freed by another costs more than to copy it"
)]
pub(super) enum Parcel {
    Event {
        hub: u32,
        event: Box<Event>,
    },
    /// What an event of an error is made of, in the queue itself, whose memory is used again.
    Error(ErrorReport),
    /// The scope of a root that is about to end.
    Scope {
        trace: u64,
        scope: Arc<Scope>,
    },
}

/// Sets how many events and scopes may wait.
pub(crate) fn set_limit(limit: usize) {
    LIMIT.store(limit.max(1), Ordering::Relaxed);
}

pub(crate) fn send_event(hub: &Hub, event: Event) {
    super::thread::follow_fork();
    send(hub, Parcel::Event { hub: hub.number(), event: Box::new(event) });
}

pub(crate) fn send_error(hub: &Hub, error: ErrorReport) {
    super::thread::follow_fork();
    send(hub, Parcel::Error(error));
}

pub(crate) fn send_scope(hub: &Hub, trace: u64, scope: Arc<Scope>) {
    send(hub, Parcel::Scope { trace, scope });
}

fn send(hub: &Hub, parcel: Parcel) {
    let refused = {
        let mut queue = QUEUE.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.len() < LIMIT.load(Ordering::Relaxed) {
            queue.push_back(parcel);
            None
        } else {
            Some(parcel)
        }
    };
    // Dropped outside of the lock: it may hold much.
    match refused {
        Some(Parcel::Event { .. } | Parcel::Error(_)) => hub.losses().queue_full(1),
        Some(Parcel::Scope { .. }) => hub.losses().scopes(1),
        None => {}
    }
}

/// Exchanges what waits with an empty queue, whose memory is used again, unless it is far more than
/// was needed this time.
pub(super) fn exchange(empty: &mut VecDeque<Parcel>) {
    let used = QUEUE.lock().unwrap_or_else(PoisonError::into_inner).len();
    if empty.capacity() / 8 > used.max(KEPT) {
        empty.shrink_to(KEPT);
    }
    std::mem::swap(empty, &mut *QUEUE.lock().unwrap_or_else(PoisonError::into_inner));
}
