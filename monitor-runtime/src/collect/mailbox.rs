//! What is too large or too rare for the chunks, on its way to the collector.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::pieces::Pieces;
use crate::context::{ErrorReport, Scope};
use crate::hub::Hub;
use crate::record::{CheckIn, Event};

/// Events and scopes that may wait: at 2 KiB an event with its chain some 40 MiB.
pub(crate) const DEFAULT_LIMIT: usize = 20_000;

/// Bytes of text that an event may have before it counts as another one.
const BYTES_A_PLACE: usize = 4096;

static LIMIT: AtomicUsize = AtomicUsize::new(DEFAULT_LIMIT);
/// Whether there may be something in the queue.
static ANY: AtomicBool = AtomicBool::new(false);
static QUEUE: Mutex<Queue> = Mutex::new(Queue { parcels: Pieces::new(), taken: 0 });

struct Queue {
    parcels: Pieces<Parcel>,
    /// Places that they take.
    taken: usize,
}

impl Queue {
    /// Whether there is room; then so many places are taken.
    fn admits(&mut self, places: usize) -> bool {
        let has_room = self.taken < LIMIT.load(Ordering::Relaxed);
        ANY.store(true, Ordering::Relaxed);
        self.taken += if has_room { places } else { 0 };
        has_room
    }
}

pub(super) enum Parcel {
    Event {
        hub: u32,
        event: Box<Event>,
    },
    CheckIn {
        hub: u32,
        check_in: Arc<CheckIn>,
    },
    /// What an event of an error is made of, in the queue itself, whose memory is used again: what is made by
    /// one thread and freed by another costs more than to copy it.
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
    let places = 1 + bytes(&event) / BYTES_A_PLACE;
    send(hub, Parcel::Event { hub: hub.number(), event: Box::new(event) }, places);
}

pub(crate) fn send_check_in(hub: &Hub, check_in: CheckIn) {
    super::thread::follow_fork();
    send(hub, Parcel::CheckIn { hub: hub.number(), check_in: Arc::new(check_in) }, 1);
}

/// Sends an error with its text. Part of its callers: it is large.
#[inline]
pub(crate) fn send_error(hub: &Hub, error: ErrorReport, text: &str) {
    super::thread::follow_fork();
    let places = 1 + error.bytes() / BYTES_A_PLACE;
    let mut queue = QUEUE.lock().unwrap_or_else(PoisonError::into_inner);
    if queue.admits(places) {
        queue.parcels.push(Parcel::Error(error), text);
    } else {
        // Dropped outside of the lock: it may hold much.
        drop(queue);
        drop(error);
        hub.losses().queue_full(1);
    }
}

pub(crate) fn send_scope(hub: &Hub, trace: u64, scope: Arc<Scope>) {
    send(hub, Parcel::Scope { trace, scope }, 1);
}

/// The bytes of the texts that belong to the event alone, about.
fn bytes(event: &Event) -> usize {
    let texts = event.exceptions.iter().map(|error| error.value.len() + 128 * error.frames.len());
    let values = event.contexts.iter().flat_map(|(_, values)| values);
    let values = values.map(|(_, value)| value.as_str().map_or(0, str::len));
    texts.chain(values).sum::<usize>() + event.message.as_ref().map_or(0, |text| text.len())
}

fn send(hub: &Hub, parcel: Parcel, places: usize) {
    let refused = {
        let mut queue = QUEUE.lock().unwrap_or_else(PoisonError::into_inner);
        if queue.admits(places) {
            queue.parcels.push(parcel, "");
            None
        } else {
            Some(parcel)
        }
    };
    // Dropped outside of the lock: it may hold much.
    match refused {
        Some(Parcel::Event { .. } | Parcel::Error(_)) => hub.losses().queue_full(1),
        Some(Parcel::CheckIn { .. }) => hub.losses().check_ins(1),
        Some(Parcel::Scope { .. }) => hub.losses().scopes(1),
        None => {}
    }
}

/// Whether something waits that a thread has sent before it wrote what was read just now.
pub(super) fn any() -> bool {
    ANY.load(Ordering::Relaxed)
}

/// Exchanges what waits with an empty queue, whose memory is used again: nothing is allocated or freed with
/// the lock.
pub(super) fn exchange(empty: &mut Pieces<Parcel>) {
    let mut queue = QUEUE.lock().unwrap_or_else(PoisonError::into_inner);
    ANY.store(false, Ordering::Relaxed);
    queue.taken = 0;
    std::mem::swap(empty, &mut queue.parcels);
}
