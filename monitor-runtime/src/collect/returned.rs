//! Transactions that a backend kept for a while: their memory is used again.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::record::Transaction;

/// Spans for which memory is kept: 4 MB.
const SPANS: usize = 64 * 1024;

static RETURNED: Mutex<Returned> = Mutex::new(Returned { all: VecDeque::new(), spans: 0 });

struct Returned {
    all: VecDeque<Arc<Transaction>>,
    spans: usize,
}

fn returned<T>(f: impl FnOnce(&mut Returned) -> T) -> T {
    f(&mut RETURNED.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Takes transactions of which the caller needs no more.
pub(crate) fn give_back(transactions: Vec<Arc<Transaction>>) {
    for mut transaction in transactions {
        if !super::assembly::empty(&mut transaction) {
            continue;
        }
        returned(|returned| {
            returned.spans += transaction.spans.capacity();
            returned.all.push_back(transaction);
            // Those of other sizes than there are now.
            while returned.spans > SPANS
                && let Some(oldest) = returned.all.pop_front()
            {
                returned.spans -= oldest.spans.capacity();
            }
        });
    }
}

/// One that says nothing.
pub(super) fn take() -> Option<Arc<Transaction>> {
    returned(|returned| {
        let transaction = returned.all.pop_back()?;
        returned.spans -= transaction.spans.capacity();
        Some(transaction)
    })
}

/// Keeps none any longer.
pub(super) fn forget() {
    let all = returned(|returned| {
        returned.spans = 0;
        std::mem::take(&mut returned.all)
    });
    drop(all);
}
