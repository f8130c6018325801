//! How much is reported a minute.

mod budget;
mod callsites;
mod fingerprints;

pub(crate) use callsites::Callsites;

pub(super) use budget::Budget;
pub(super) use fingerprints::Fingerprints;

/// What may be reported a minute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Errors, and slow calls, of one annotated function. What is over this is cheap: nothing is
    /// made of it.
    pub(crate) per_callsite: u32,
    /// Events of one fingerprint. An alert on more than ten errors a minute must see more than
    /// ten; three times that tells a burst from a handful.
    pub(crate) per_fingerprint: u32,
    /// All events.
    pub(crate) events: u32,
    /// All transactions.
    pub(crate) transactions: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_callsite: 100, per_fingerprint: 30, events: u32::MAX, transactions: u32::MAX }
    }
}
