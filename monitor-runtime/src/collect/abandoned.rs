//! What is left when the last hub has ended: it is counted, and nothing is made of it. There may be a
//! million spans, and a moment to say so.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::mailbox::{self, Parcel};
use super::pieces::Pieces;
use super::wire::{self, Header};
use super::{pool, tail};
use crate::hub::Hub;

/// The number of the hub that ended; 0: nothing is to be counted.
static HUB: AtomicU32 = AtomicU32::new(0);

/// Held while a hub opens, and while it is counted: what a new hub records must not be among it.
static OPENING: Mutex<()> = Mutex::new(());

/// Has the next pass count all that there is for this hub, if no other is open then.
pub(crate) fn abandon(hub: &Hub) {
    HUB.store(hub.number(), Ordering::Release);
}

/// Held while a hub opens.
pub(crate) fn opening() -> MutexGuard<'static, ()> {
    OPENING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The hub to count for, once. No hub opens while the other part is held.
pub(super) fn taken() -> Option<(&'static Hub, MutexGuard<'static, ()>)> {
    if HUB.load(Ordering::Relaxed) == 0 {
        return None;
    }
    let closed = opening();
    let hub = Hub::by_number(HUB.swap(0, Ordering::Acquire))?;
    Hub::all_are_closed().then_some((hub, closed))
}

/// How much there is.
#[derive(Default)]
pub(super) struct Left {
    pub(super) events: u64,
    pub(super) check_ins: u64,
    pub(super) transactions: u64,
    pub(super) spans: u64,
}

impl Left {
    /// Counts what threads have recorded and nobody has read.
    pub(super) fn count_unread(&mut self) {
        while !pool::drain(|words| self.count_spans(words)) {}
        let mut parcels = Pieces::new();
        mailbox::exchange(&mut parcels);
        parcels.drain(|parcel, _| match parcel {
            Parcel::Event { .. } | Parcel::Error(_) => self.events += 1,
            Parcel::CheckIn { .. } => self.check_ins += 1,
            Parcel::Scope { .. } => {}
        });
    }

    fn count_spans(&mut self, mut words: &[AtomicU64]) {
        while let Some(first) = words.first() {
            let header = Header::from_word(first.load(Ordering::Relaxed));
            let Some((record, rest)) = words.split_at_checked(header.len().max(1)) else { return };
            let key = record.get(1).map_or(0, |key| key.load(Ordering::Relaxed));
            let is_root = header.kind() == wire::ROOT;
            // Those of unsampled traces would mostly not have been delivered.
            if (is_root || header.kind() == wire::SPAN) && !tail::is_tail(key) {
                self.spans += 1;
                self.transactions += u64::from(is_root);
            }
            words = rest;
        }
    }

    pub(super) fn report(&self, hub: &Hub) {
        hub.losses().ended_events(self.events);
        hub.losses().check_ins(self.check_ins);
        hub.losses().ended_transactions(self.transactions);
        hub.losses().ended_spans(self.spans);
    }
}
