use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Bytes that are kept in all, and in one buffer.
const ALL_BYTES: usize = 4 * 1024 * 1024;
const ONE_BYTES: usize = 512 * 1024;

/// The memory of envelopes that are done with, for further ones.
#[derive(Debug, Default)]
pub(super) struct Spare(Mutex<Buffers>);

#[derive(Debug, Default)]
struct Buffers {
    all: Vec<Vec<u8>>,
    bytes: usize,
}

impl Spare {
    /// An empty buffer with room for so many bytes.
    pub(super) fn take(&self, bytes: usize) -> Vec<u8> {
        let mut buffer = {
            let mut buffers = self.buffers();
            let buffer = buffers.all.pop().unwrap_or_default();
            buffers.bytes -= buffer.capacity();
            buffer
        };
        buffer.reserve(bytes);
        buffer
    }

    pub(super) fn give_back(&self, buffer: &mut Vec<u8>) {
        let mut buffer = mem::take(buffer);
        let mut buffers = self.buffers();
        let bytes = buffer.capacity();
        if bytes <= ONE_BYTES && buffers.bytes + bytes <= ALL_BYTES {
            buffer.clear();
            buffers.bytes += bytes;
            buffers.all.push(buffer);
        }
    }

    fn buffers(&self) -> MutexGuard<'_, Buffers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
