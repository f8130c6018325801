use std::sync::Arc;
use std::time::SystemTime;

use sentry_core::client_report::Reason;

use super::losses::Losses;
use super::parcel::Parcel;
use super::payload::Form;
use super::spool::{Spool, Turn};
use super::stored::{Contents, Stored};

/// What happens to envelopes that can't be sent now: they are kept on disk if the program wants that,
/// or counted as lost.
#[derive(Clone)]
pub(super) struct Keeper {
    spool: Option<Arc<Spool>>,
    /// How transactions are written.
    form: Form,
    losses: Losses,
}

impl Keeper {
    pub(super) fn new(spool: Option<Arc<Spool>>, form: Form, losses: Losses) -> Self {
        Self { spool, form, losses }
    }

    pub(super) const fn form(&self) -> Form {
        self.form
    }

    pub(super) const fn losses(&self) -> &Losses {
        &self.losses
    }

    /// Keeps the envelope on disk, or calls `lose`.
    pub(super) fn keep_or(&self, parcel: &Parcel, lose: impl FnOnce(&Losses)) {
        if self.keep(parcel) {
            parcel.note(&self.losses, "spooled");
        } else {
            lose(&self.losses);
        }
    }

    fn keep(&self, parcel: &Parcel) -> bool {
        // Reports of losses alone aren't worth a file: they are counted again.
        let spool = self.spool.as_ref().filter(|_| !parcel.is_report());
        let Some(spool) = spool else { return false };
        let Ok(body) = parcel.bytes(self.form, SystemTime::now()) else { return false };
        let Ok(saved) = spool.save(parcel.importance(), &body) else { return false };
        for evicted in saved.evicted {
            self.evicted(&evicted);
        }
        saved.is_kept
    }

    fn evicted(&self, stored: &Stored) {
        let Some(contents) = stored.contents() else { return };
        self.losses.lose(&contents.report(), Reason::QueueOverflow);
        for (category, quantity) in contents.quantities() {
            self.losses.note_of(category, "queue_overflow", quantity);
        }
    }

    /// Whether something was kept that nobody has tried to send since.
    pub(super) fn has_new(&self) -> bool {
        self.spool.as_ref().is_some_and(|spool| spool.has_new())
    }

    /// The right to send what was kept, if there is anything.
    pub(super) fn turn(&self) -> Option<Turn> {
        self.spool.as_ref()?.turn()
    }

    /// The next that was kept and is whole; what is damaged is counted and removed.
    pub(super) fn next(&self, turn: &mut Turn) -> Option<Stored> {
        loop {
            let stored = turn.next()?;
            if stored.contents().is_some() {
                return Some(stored);
            }
            self.losses.note_of(stored.category(), "corrupted", 1);
            stored.remove();
        }
    }

    /// The server is there and doesn't want it: it never will.
    pub(super) fn refused(&self, stored: &Stored) {
        for (category, quantity) in stored.contents().iter().flat_map(Contents::quantities) {
            self.losses.note_of(category, "send_error", quantity);
        }
        stored.remove();
    }

    pub(super) fn delivered(&self, stored: &Stored) {
        for (category, quantity) in stored.contents().iter().flat_map(Contents::quantities) {
            self.losses.delivered_of(category, quantity);
        }
        stored.remove();
    }
}
