use std::mem;
use std::sync::{Mutex, PoisonError};

/// Buffers that are kept for further envelopes, and the bytes that one may have: 8 MB at most.
const SPARE: usize = 16;
const SPARE_BYTES: usize = 512 * 1024;

/// The memory of envelopes that are done with.
#[derive(Debug, Default)]
pub(super) struct Spare(Mutex<Vec<Vec<u8>>>);

impl Spare {
    /// An empty buffer with room for so many bytes.
    pub(super) fn take(&self, bytes: usize) -> Vec<u8> {
        let mut buffer = self.all().pop().unwrap_or_default();
        buffer.reserve(bytes);
        buffer
    }

    pub(super) fn give_back(&self, buffer: &mut Vec<u8>) {
        let mut buffer = mem::take(buffer);
        let mut all = self.all();
        if all.len() < SPARE && buffer.capacity() <= SPARE_BYTES {
            buffer.clear();
            all.push(buffer);
        }
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
