//! The way from the threads that record to the backends.
//!
//! Spans go through chunks, which their threads fill without a lock; events and scopes, which are
//! rarer, through a queue. One thread reads both and hands what is finished to the backends.

mod abandoned;
mod assembly;
mod chunk;
mod collector;
mod counts;
mod delivered;
mod fork;
mod hand_over;
mod mailbox;
mod order;
mod parents;
mod pieces;
pub(crate) mod pool;
mod records;
#[cfg(feature = "mock")]
mod returned;
mod short_spans;
mod sites;
mod spare;
mod tail;
mod thread;
mod trace;
mod watch;
mod wire;

pub(crate) use abandoned::{abandon, opening};
pub(crate) use assembly::blank as blank_transaction;
pub(crate) use chunk::Chunk;
pub(crate) use collector::{any_waits, set_max_spans};
pub(crate) use counts::all as span_counts;
pub(crate) use fork::process_id;
#[cfg(feature = "sentry")]
pub(crate) use fork::{count as forks, watch as watch_forks};
pub(crate) use mailbox::{
    DEFAULT_LIMIT as DEFAULT_QUEUE_LIMIT, send_check_in, send_error, send_event, send_scope,
    set_limit as set_queue_limit,
};
#[cfg(feature = "mock")]
pub(crate) use returned::give_back;
pub(crate) use thread::{flush, start};
pub(crate) use watch::{Watch, note_scope, watch};
pub(crate) use wire::{
    BUSY_SPAN_WORDS, CONTINUED_ROOT_WORDS, Header, Key, METRIC, METRIC_WORDS, ROOT, ROOT_WORDS,
    SCALAR_WORDS, SPAN, SPAN_WORDS, UNSAMPLED_ROOT, UNSAMPLED_ROOT_WORDS, USAGE_WORDS, VALUE,
    VALUE_WORDS, scalar_field, usage_record, value_words, write_value,
};

pub(crate) use wire::Plain;
