//! What agents remember: names of the attributes, and what is only known at the end.

use super::super::local;
use super::super::open::{Mode, Open};
use crate::collect::{Key, Plain};

pub(crate) const STORE_ID: &str = "gen_ai.memory.store.id";
pub(in crate::context) const RECORD_COUNT: &str = "gen_ai.memory.record.count";

/// Says on the span how many records a search found; `count` runs only where the span is recorded.
pub(in crate::context) fn write_count(open: &Open, count: impl FnOnce() -> Option<u64>) {
    if !matches!(open.mode, Mode::Child | Mode::Root) {
        return;
    }
    if let Some(count) = count() {
        let key = Key::Named(RECORD_COUNT);
        local::with(|local| local.write_value(open.site.number(), key, Plain::U64(count)));
    }
}
