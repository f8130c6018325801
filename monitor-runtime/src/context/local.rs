//! What a thread knows of what it is doing: plain words, no destructor, no lock.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

use super::ai_call::{Noted, NotedModel};
use super::short::ALL_WAYS;
use crate::collect::{
    Chunk, Header, Key, Plain, SCALAR_WORDS, SPAN_WORDS, USAGE_WORDS, VALUE, pool, scalar_field,
    usage_record, value_words, write_value,
};
use crate::hub::Hub;
use crate::metrics::{self, Shard};
use crate::record::{Status, Usage};

/// Callsites that the call path keeps; deeper calls are left out of it.
pub(crate) const PATH: usize = 32;

/// The highest bit of a trace's key: nothing is recorded below this root.
pub(crate) const UNSAMPLED: u64 = 1 << 63;
/// The next bit: the trace isn't sampled, but recorded in case that it goes wrong.
pub(crate) const TAIL: u64 = 1 << 62;
/// The next bit: nobody asks how long the polls of its async functions take.
pub(crate) const POLLS_UNTIMED: u64 = 1 << 61;
/// The bits of a trace's key that number it.
pub(crate) const KEY: u64 = POLLS_UNTIMED - 1;

/// From one span's id to the next: odd, so that a thread sees each number once before the first
/// comes again.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

/// The number of no hub: what runs under it is recorded nowhere.
const NOWHERE: u32 = u32::MAX;

/// The longest text that one record may hold, in bytes: what surely fits a chunk.
pub(crate) const MAX_TEXT: usize = 16 * 1024;

thread_local! {
    static LOCAL: Local = const { Local::new() };
    static LEAVE: Leave = const { Leave };
}

/// The part of the context that a future takes along between its polls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// The trace's key; 0 where no span is open.
    pub(crate) trace: u64,
    /// The current span's id; 0 where no span is open.
    pub(crate) span: u64,
    /// The number of the hub; 0 for the process's own.
    pub(crate) hub: u32,
    /// The callsite of the trace's root.
    pub(crate) root: u32,
}

impl Words {
    /// Outside of every span.
    pub(crate) const NONE: Self = Self { trace: 0, span: 0, hub: 0, root: 0 };

    /// Whether the trace is sampled.
    pub(crate) const fn is_sampled(&self) -> bool {
        self.trace.cast_signed() > 0 && self.trace & TAIL == 0
    }
}

/// Slots of the thread's chunk for one record.
#[derive(Clone, Copy)]
pub(crate) struct Room<const N: usize> {
    chunk: &'static Chunk,
    slots: &'static [AtomicU64; N],
    end: usize,
}

impl Room<SPAN_WORDS> {
    /// Writes a span, whose end is read last: so nothing has to be kept meanwhile.
    #[inline]
    pub(crate) fn write(self, words: [u64; SPAN_WORDS - 1], end: impl FnOnce() -> u64) {
        let [fixed @ .., last] = self.slots;
        for (slot, word) in fixed.iter().zip(words) {
            slot.store(word, Ordering::Relaxed);
        }
        last.store(end(), Ordering::Relaxed);
        self.chunk.commit_to(self.end);
    }
}

pub(crate) struct Local {
    pub(crate) trace: Cell<u64>,
    pub(crate) span: Cell<u64>,
    pub(crate) hub: Cell<u32>,
    pub(crate) root: Cell<u32>,
    /// Whether the thread's scope holds anything.
    pub(crate) has_scope: Cell<bool>,
    /// Whether another thread may know the current trace, or a call of it may go on when its root has ended.
    pub(crate) handed_on: Cell<bool>,
    /// The depth of the innermost call that may take on an error; 0 where none is on its way.
    pub(super) takes_errors: Cell<u32>,
    /// The AI call that is running, as long as it isn't in the scope.
    pub(crate) noted_ai: Cell<Option<Noted>>,
    /// How many scopes are the thread's own for now: pushed ones, and those of carried futures.
    pub(crate) own_scopes: Cell<u32>,
    /// The depth of the path in `main`, which is 1 if it is annotated; 0 on other threads.
    pub(crate) depth_of_main: Cell<u32>,
    /// Queries that this thread counts before others see them, and of which trace.
    pub(crate) queries: Cell<(u64, u32)>,
    /// How many annotated functions are running on this thread.
    pub(crate) depth: Cell<u32>,
    /// The callsites that are running; in the upper half a mark of `passing.rs`.
    path: [Cell<u64>; PATH],
    /// 0 before the first one, and where there is no counter of time.
    next_id: Cell<u64>,
    /// The same where there is no counter.
    next_id_elsewhere: Cell<u64>,
    /// The short ways to a span that the thread may take: none before its first id, nor where there is no
    /// counter of time.
    pub(super) ways: Cell<u64>,
    chunk: Cell<Option<&'static Chunk>>,
    /// Where the thread counts.
    shard: Cell<Option<&'static Shard>>,
    /// The model of the noted AI call, where the note says that there is one.
    pub(crate) noted_model: Cell<NotedModel>,
}

/// Runs `f` with the calling thread's words. Safe at any time, also while the thread exits.
#[inline]
pub(crate) fn with<T>(f: impl FnOnce(&Local) -> T) -> T {
    // `with` is not marked to be inlined into its caller, `try_with` is.
    let Ok(result) = LOCAL.try_with(f) else { unreachable!("words without a destructor stay") };
    result
}

/// The same, to be handed on: what a closure returns goes through a `Result`, and so would be copied.
#[inline]
#[expect(unsafe_code, reason = "a guard of seven words made by a closure is copied twice")]
pub(crate) fn of_thread() -> &'static Local {
    // SAFETY: the words are in a thread-local without a destructor, whose memory stays where it is until the
    // thread has run its last code. `Local` isn't `Sync`, so that the reference can't leave the thread.
    with(|local| unsafe { &*std::ptr::from_ref(local) })
}

/// Runs code of the program, such as a hook, of which nothing may be recorded: it would come back
/// to the hook.
pub(crate) fn unobserved<T>(f: impl FnOnce() -> T) -> T {
    let outside = with(|local| {
        let outside = local.words();
        local.set_words(Words { hub: NOWHERE, ..Words::NONE });
        outside
    });
    let restore = Restore(outside);
    let result = f();
    drop(restore);
    result
}

/// Puts the words back, also on the way of a panic.
struct Restore(Words);

impl Drop for Restore {
    fn drop(&mut self) {
        with(|local| local.set_words(self.0));
    }
}

impl Local {
    const fn new() -> Self {
        Self {
            trace: Cell::new(0),
            span: Cell::new(0),
            hub: Cell::new(0),
            root: Cell::new(0),
            has_scope: Cell::new(false),
            handed_on: Cell::new(false),
            takes_errors: Cell::new(0),
            noted_ai: Cell::new(None),
            own_scopes: Cell::new(0),
            depth_of_main: Cell::new(0),
            queries: Cell::new((0, 0)),
            depth: Cell::new(0),
            path: [const { Cell::new(0) }; PATH],
            next_id: Cell::new(0),
            next_id_elsewhere: Cell::new(0),
            ways: Cell::new(0),
            chunk: Cell::new(None),
            shard: Cell::new(None),
            noted_model: Cell::new(NotedModel::NONE),
        }
    }

    #[inline]
    pub(crate) fn words(&self) -> Words {
        Words {
            trace: self.trace.get(),
            span: self.span.get(),
            hub: self.hub.get(),
            root: self.root.get(),
        }
    }

    #[inline]
    pub(crate) fn set_words(&self, words: Words) {
        self.trace.set(words.trace);
        self.span.set(words.span);
        self.hub.set(words.hub);
        self.root.set(words.root);
    }

    /// Whether the current trace is recorded.
    #[inline]
    pub(crate) fn is_recorded(&self) -> bool {
        self.trace.get().cast_signed() > 0
    }

    /// Whether no other thread knows of the trace whose root ends now: all its records lie in this one's chunks.
    pub(crate) fn has_all_of_trace(&self) -> bool {
        // A thread that has run its destructors has no chunk of its own.
        !self.handed_on.get() && self.chunk.get().is_some()
    }

    /// Whether the current trace is sampled.
    pub(crate) fn is_sampled(&self) -> bool {
        self.words().is_sampled()
    }

    /// Notes that an annotated function begins to run; returns the depth to go back to.
    #[inline]
    pub(crate) fn push(&self, callsite: u32) -> u32 {
        let depth = self.depth.get();
        if let Some(slot) = self.path.get(depth as usize) {
            slot.set(u64::from(callsite));
        }
        self.depth.set(depth.wrapping_add(1));
        depth
    }

    /// Notes that the call that began at this depth has ended, unless one around it has already.
    #[inline]
    pub(crate) fn pop(&self, depth: u32) {
        if self.depth.get() > depth {
            self.depth.set(depth);
        }
    }

    /// The callsites that are running, the outermost first.
    pub(crate) fn path(&self) -> impl DoubleEndedIterator<Item = u32> + ExactSizeIterator {
        let depth = (self.depth.get() as usize).min(PATH);
        #[expect(clippy::cast_possible_truncation, reason = "the upper half is a mark")]
        let callsite = |slot: &Cell<u64>| slot.get() as u32;
        self.path[..depth].iter().map(callsite)
    }

    /// The mark that the last call at this depth left when it ended, if neither another one nor the
    /// call around it has begun since.
    pub(crate) fn mark_at(&self, depth: u32) -> Option<u32> {
        let mark = |at: u32| Some(self.path.get(at as usize)?.get() >> 32);
        let ended = mark(depth)?;
        let around = mark(depth.checked_sub(1)?)?;
        u32::try_from(ended).ok().filter(|mark| *mark != 0 && ended == around)
    }

    /// Leaves a mark for [`mark_at`](Self::mark_at); 0 removes it.
    pub(crate) fn set_mark(&self, depth: u32, mark: u32) {
        for at in [Some(depth), depth.checked_sub(1)].into_iter().flatten() {
            if let Some(slot) = self.path.get(at as usize) {
                slot.set(slot.get() & u64::from(u32::MAX) | u64::from(mark) << 32);
            }
        }
    }

    /// A number that no other thread of any process is likely to use. Never 0.
    #[inline]
    pub(crate) fn next_id(&self) -> u64 {
        self.next_id_at_once().unwrap_or_else(|| self.first_id())
    }

    /// The same, if the thread has had one before, and the clock is a counter.
    #[inline]
    pub(crate) fn next_id_at_once(&self) -> Option<u64> {
        (self.next_id.get() != 0).then(|| self.take_id())
    }

    #[cold]
    #[inline(never)]
    fn first_id(&self) -> u64 {
        let has_counter = crate::clock::has_counter();
        let next = if has_counter { &self.next_id } else { &self.next_id_elsewhere };
        let id = match next.get() {
            0 => super::ids::random(),
            id => id,
        };
        next.set(id.wrapping_add(STEP));
        self.ways.set(if has_counter { ALL_WAYS } else { 0 });
        id
    }

    /// The next number, of a thread that has had one, where the clock is a counter.
    #[inline]
    pub(super) fn take_id(&self) -> u64 {
        let id = self.next_id.get();
        self.next_id.set(id.wrapping_add(STEP));
        id
    }

    /// Where a record of this length goes without leaving the chunk.
    #[inline]
    pub(crate) fn room<const N: usize>(&self) -> Option<Room<N>> {
        let chunk = self.chunk.get()?;
        let (slots, end) = chunk.room()?;
        Some(Room { chunk, slots, end })
    }

    /// Writes a record where there is room for it.
    #[inline]
    pub(crate) fn write_to<const N: usize>(&self, room: &Room<N>, words: [u64; N]) {
        for (slot, word) in room.slots.iter().zip(words) {
            slot.store(word, Ordering::Relaxed);
        }
        room.chunk.commit_to(room.end);
    }

    /// Writes one record of fixed length.
    #[inline]
    pub(crate) fn write<const N: usize>(&self, words: [u64; N]) {
        let fill = |slots: &[AtomicU64]| {
            for (slot, word) in slots.iter().zip(words) {
                slot.store(word, Ordering::Relaxed);
            }
        };
        let Some((chunk, slots)) = self.slots(N) else { return self.write_late(N, fill) };
        fill(slots);
        chunk.commit(N);
    }

    /// Writes a value of the current span. The caller has cut texts to [`MAX_TEXT`].
    pub(crate) fn write_value(&self, callsite: u32, key: Key<'_>, value: Plain<'_>) {
        // Most fields are numbers, and their records are as short as can be.
        if let Some([kind, bits]) = scalar_field(&key, &value) {
            let header = Header::new(VALUE, Status::Ok, SCALAR_WORDS, callsite);
            let words = [header.word(), self.trace.get(), self.span.get(), kind, bits];
            return self.write::<SCALAR_WORDS>(words);
        }
        let len = value_words(&key, &value);
        let header = Header::new(VALUE, Status::Ok, len, callsite);
        let fixed = [header.word(), self.trace.get(), self.span.get()];
        let fill = |slots: &[AtomicU64]| write_value(slots, fixed, &key, &value);
        let Some((chunk, slots)) = self.slots(len) else { return self.write_late(len, fill) };
        fill(slots);
        chunk.commit(len);
    }

    /// Writes a value of the current span, of which the words behind the span's are given.
    #[inline]
    pub(crate) fn write_value_words(&self, callsite: u32, rest: &[Cell<u64>]) {
        let len = 3 + rest.len();
        let header = Header::new(VALUE, Status::Ok, len, callsite).word();
        let fixed = [header, self.trace.get(), self.span.get()];
        let fill = |slots: &[AtomicU64]| {
            let Some((first, others)) = slots.split_first_chunk::<3>() else { return };
            for (slot, word) in first.iter().zip(fixed) {
                slot.store(word, Ordering::Relaxed);
            }
            for (slot, word) in others.iter().zip(rest) {
                slot.store(word.get(), Ordering::Relaxed);
            }
        };
        let Some((chunk, slots)) = self.slots(len) else { return self.write_late(len, fill) };
        fill(slots);
        chunk.commit(len);
    }

    /// Writes the tokens that the current span used: one record, whatever is known of them.
    pub(crate) fn write_usage(&self, callsite: u32, usage: &Usage) {
        let header = Header::new(VALUE, Status::Ok, USAGE_WORDS, callsite);
        self.write(usage_record([header.word(), self.trace.get(), self.span.get()], usage));
    }

    /// Where the thread counts, if it has counted before.
    #[inline]
    pub(crate) fn shard(&self) -> Option<&'static Shard> {
        self.shard.get()
    }

    /// Where the thread counts; `None` once it has run its destructors.
    pub(crate) fn shard_or_new(&self) -> Option<&'static Shard> {
        if self.shard.get().is_none() && !has_ended() {
            self.shard.set(Some(metrics::take()));
        }
        self.shard.get()
    }

    #[inline]
    fn slots(&self, len: usize) -> Option<(&'static Chunk, &'static [AtomicU64])> {
        if let Some(chunk) = self.chunk.get()
            && let Some(slots) = chunk.slots(len)
        {
            return Some((chunk, slots));
        }
        self.next_chunk(len)
    }

    /// Leaves the chunk, which is full or not there, for the next one.
    #[cold]
    #[inline(never)]
    fn next_chunk(&self, len: usize) -> Option<(&'static Chunk, &'static [AtomicU64])> {
        if let Some(chunk) = self.chunk.take() {
            pool::give_full(chunk);
        }
        // On a thread that has run its destructors nobody would give the chunk back.
        if has_ended() {
            return None;
        }
        let chunk = self.chunk_for(len)?;
        self.chunk.set(Some(chunk));
        Some((chunk, chunk.slots(len)?))
    }

    /// Writes a record on a thread that has run its destructors, as other destructors may: into a
    /// chunk that is given back at once.
    #[cold]
    #[inline(never)]
    fn write_late(&self, len: usize, fill: impl FnOnce(&[AtomicU64])) {
        if !has_ended() {
            return;
        }
        let Some(chunk) = self.chunk_for(len) else { return };
        if let Some(slots) = chunk.slots(len) {
            fill(slots);
            chunk.commit(len);
        }
        pool::give_rest(chunk);
    }

    /// A chunk with so much room; where there is none, that is a loss.
    fn chunk_for(&self, len: usize) -> Option<&'static Chunk> {
        loop {
            let Some(chunk) = pool::take() else {
                Hub::with_current(self, |hub| hub.losses().buffer_full(1));
                return None;
            };
            if chunk.slots(len).is_some() {
                return Some(chunk);
            }
            // Another thread left it too full.
            pool::give_full(chunk);
        }
    }
}

/// Whether the calling thread has run its destructors.
fn has_ended() -> bool {
    LEAVE.try_with(|_| ()).is_err()
}

/// Gives the thread's chunk back when the thread exits.
struct Leave;

impl Drop for Leave {
    fn drop(&mut self) {
        with(|local| {
            if let Some(chunk) = local.chunk.take() {
                pool::give_rest(chunk);
            }
            if let Some(shard) = local.shard.take() {
                metrics::give(shard);
            }
        });
    }
}
