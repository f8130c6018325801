//! What is left when the last hub has ended: it is counted, and nothing is made of it. There may be a
//! million spans, and a moment to say so.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::mailbox::{self, Parcel};
use super::wire::{self, Header};
use super::{pool, tail};
use crate::hub::Hub;

/// The number of the hub that ended; 0: nothing is to be counted.
static HUB: AtomicU32 = AtomicU32::new(0);

/// Has the next pass count all that there is for this hub, which was the last one.
pub(crate) fn abandon(hub: &Hub) {
    HUB.store(hub.number(), Ordering::Release);
}

/// There is somebody for what comes from now on.
pub(crate) fn begin_anew() {
    HUB.store(0, Ordering::Release);
}

/// The hub to count for, once.
pub(super) fn taken() -> Option<&'static Hub> {
    match HUB.load(Ordering::Relaxed) {
        0 => None,
        _ => Hub::by_number(HUB.swap(0, Ordering::Acquire)),
    }
}

/// Events, transactions and spans.
#[derive(Default)]
pub(super) struct Left {
    pub(super) events: u64,
    pub(super) transactions: u64,
    pub(super) spans: u64,
}

impl Left {
    /// Counts what threads have recorded and nobody has read.
    pub(super) fn count_unread(&mut self) {
        pool::drain(|words| self.count_spans(words));
        let mut parcels = Default::default();
        mailbox::exchange(&mut parcels);
        let is_event = |parcel: &&Parcel| matches!(parcel, Parcel::Event { .. } | Parcel::Error(_));
        self.events += parcels.iter().filter(is_event).count() as u64;
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
        hub.losses().ended_transactions(self.transactions);
        hub.losses().ended_spans(self.spans);
    }
}
