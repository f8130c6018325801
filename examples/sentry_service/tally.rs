//! Counts what is recorded, beside Sentry.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use monitor_runtime::record::{Event, EventKind, Transaction};
use monitor_runtime::{Backend, Loss};

/// A backend that counts what all backends receive.
#[derive(Clone, Default)]
pub(crate) struct Tally {
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    transactions: AtomicU64,
    spans: AtomicU64,
    errors: AtomicU64,
    slow: AtomicU64,
    lost: AtomicU64,
}

fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}

impl Backend for Tally {
    fn name(&self) -> &'static str {
        "tally"
    }

    fn transaction(&self, transaction: &Arc<Transaction>) {
        add(&self.counts.transactions, 1);
        add(&self.counts.spans, transaction.spans.len() as u64);
    }

    fn event(&self, event: &Arc<Event>) {
        match event.kind {
            EventKind::Error | EventKind::Panic => add(&self.counts.errors, 1),
            EventKind::Slow => add(&self.counts.slow, 1),
            _ => {}
        }
    }

    fn lost(&self, loss: &Loss) {
        add(&self.counts.lost, loss.total());
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { transactions, spans, errors, slow, lost } = &*self.counts;
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        write!(
            f,
            "recorded: {} transactions, {} spans, {} errors, {} slow; lost: {}",
            get(transactions),
            get(spans),
            get(errors),
            get(slow),
            get(lost),
        )
    }
}
