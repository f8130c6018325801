use std::mem;
use std::sync::{Mutex, MutexGuard};

/// Bytes that are kept on either side, and in one buffer.
const ALL_BYTES: usize = 2 * 1024 * 1024;
const ONE_BYTES: usize = 512 * 1024;

/// The memory of envelopes that are done with, for further ones.
///
/// One thread writes them and another is done with them, so each has a lock of its own, and they meet
/// only when the one has no memory left.
#[derive(Debug, Default)]
pub(super) struct Spare {
    taken_from: Mutex<Buffers>,
    given_to: Mutex<Buffers>,
}

#[derive(Debug, Default)]
struct Buffers {
    all: Vec<Vec<u8>>,
    bytes: usize,
}

impl Spare {
    /// An empty buffer with room for so many bytes.
    pub(super) fn take(&self, bytes: usize) -> Vec<u8> {
        let mut buffer = self.spare().unwrap_or_default();
        buffer.reserve(bytes);
        buffer
    }

    fn spare(&self) -> Option<Vec<u8>> {
        let mut buffers = locked(&self.taken_from)?;
        if buffers.all.is_empty() {
            mem::swap(&mut *buffers, &mut *locked(&self.given_to)?);
        }
        buffers.take()
    }

    pub(super) fn give_back(&self, buffer: &mut Vec<u8>) {
        let mut buffer = mem::take(buffer);
        let Some(mut buffers) = locked(&self.given_to) else { return };
        let bytes = buffer.capacity();
        if bytes <= ONE_BYTES && buffers.bytes + bytes <= ALL_BYTES {
            buffer.clear();
            buffers.bytes += bytes;
            buffers.all.push(buffer);
        }
    }
}

/// Nobody waits for memory that there is elsewhere, and in a forked child the lock may be held for
/// ever.
fn locked(buffers: &Mutex<Buffers>) -> Option<MutexGuard<'_, Buffers>> {
    buffers.try_lock().ok()
}

impl Buffers {
    fn take(&mut self) -> Option<Vec<u8>> {
        let buffer = self.all.pop()?;
        self.bytes -= buffer.capacity();
        Some(buffer)
    }
}
