use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Less isn't worth it, in bytes.
const WORTH_IT: usize = 1024;

/// The bytes, compressed; `None` where that isn't worth it.
pub(super) fn compress(body: &[u8]) -> Option<Vec<u8>> {
    if body.len() < WORTH_IT {
        return None;
    }
    // The fastest: JSON shrinks to a fifth or less at any level.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}
