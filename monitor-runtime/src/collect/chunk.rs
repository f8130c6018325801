//! A buffer that one thread writes and the collector reads.

use crate::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use crate::sync::zeros;

/// Words of 8 bytes in a chunk: 64 KiB, some 1,300 spans.
pub(crate) const WORDS: usize = 8192;

/// Words are atomics so that the collector may read while the owner writes further on; a relaxed
/// store is a plain store to the processor.
pub(crate) struct Chunk<const N: usize = WORDS> {
    words: [AtomicU64; N],
    /// Words that are complete. Only the owner moves it on.
    committed: AtomicUsize,
    /// Words that the collector has read. Only the collector moves it on.
    read: AtomicUsize,
    /// The owner has left the chunk for good.
    full: AtomicBool,
    /// Which of all that were taken it is.
    number: AtomicU64,
}

impl<const N: usize> Chunk<N> {
    pub(super) fn new() -> Self {
        Self {
            words: zeros(),
            committed: AtomicUsize::new(0),
            read: AtomicUsize::new(0),
            full: AtomicBool::new(false),
            number: AtomicU64::new(0),
        }
    }

    /// How many words are complete.
    pub(super) fn end(&self) -> usize {
        self.committed.load(Ordering::Acquire)
    }

    /// The slots of the owner's next record, or `None` when it doesn't fit any more.
    #[inline]
    pub(crate) fn slots(&self, len: usize) -> Option<&[AtomicU64]> {
        self.words.get(self.at()..)?.get(..len)
    }

    /// The same for a length that is known when this is compiled, with what is to be committed.
    #[inline]
    pub(crate) fn room<const LEN: usize>(&self) -> Option<(&[AtomicU64; LEN], usize)> {
        let at = self.at();
        // One comparison is enough for the compiler to leave the others out.
        if at > N - LEN { None } else { Some((self.words[at..].first_chunk()?, at + LEN)) }
    }

    /// Where the owner writes on: its own store is what it reads here.
    #[inline]
    fn at(&self) -> usize {
        self.committed.load(Ordering::Relaxed)
    }

    /// Publishes everything before `end`.
    #[inline]
    pub(crate) fn commit_to(&self, end: usize) {
        self.committed.store(end, Ordering::Release);
    }

    /// Publishes the owner's next `len` words.
    #[inline]
    pub(crate) fn commit(&self, len: usize) {
        self.commit_to(self.at() + len);
    }

    /// Numbers the chunk for its next owner.
    pub(super) fn take(&self, number: u64) {
        self.number.store(number, Ordering::Relaxed);
    }

    /// A greater one was taken later.
    pub(super) fn number(&self) -> u64 {
        self.number.load(Ordering::Relaxed)
    }

    /// Says that the owner won't write here any more.
    pub(super) fn leave(&self) {
        self.full.store(true, Ordering::Release);
    }

    /// Hands the words published since the last call to `read`; whether the chunk is done with. `None`, and
    /// nothing is read, where it isn't the one with this number any more.
    pub(super) fn drain(&self, number: u64, read: impl FnOnce(&[AtomicU64])) -> Option<bool> {
        // `full` first: what is committed after it is read then is all there will be.
        let full = self.full.load(Ordering::Acquire);
        let (from, to) = (self.read.load(Ordering::Relaxed), self.end());
        // What a later owner has written is published after its number.
        if self.number() != number {
            return None;
        }
        if let Some(words) = self.words.get(from..to).filter(|words| !words.is_empty()) {
            read(words);
            self.read.store(to, Ordering::Relaxed);
        }
        Some(full)
    }

    /// Makes the chunk as good as new. Only for one that is done with.
    pub(super) fn reset(&self) {
        self.read.store(0, Ordering::Relaxed);
        self.full.store(false, Ordering::Relaxed);
        self.committed.store(0, Ordering::Release);
    }
}
