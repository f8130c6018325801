use std::mem;
use std::sync::{Mutex, MutexGuard};

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
        let mut buffer = self.buffers().and_then(|mut buffers| buffers.take()).unwrap_or_default();
        buffer.reserve(bytes);
        buffer
    }

    pub(super) fn give_back(&self, buffer: &mut Vec<u8>) {
        let mut buffer = mem::take(buffer);
        let Some(mut buffers) = self.buffers() else { return };
        let bytes = buffer.capacity();
        if bytes <= ONE_BYTES && buffers.bytes + bytes <= ALL_BYTES {
            buffer.clear();
            buffers.bytes += bytes;
            buffers.all.push(buffer);
        }
    }

    /// Nobody waits for memory that there is elsewhere, and in a forked child the lock may be held for
    /// ever.
    fn buffers(&self) -> Option<MutexGuard<'_, Buffers>> {
        self.0.try_lock().ok()
    }
}

impl Buffers {
    fn take(&mut self) -> Option<Vec<u8>> {
        let buffer = self.all.pop()?;
        self.bytes -= buffer.capacity();
        Some(buffer)
    }
}
