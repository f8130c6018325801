//! Which events are the same for limits and relations.

use std::hash::{Hash, Hasher};

use super::hash::TextHasher;
use crate::record::Event;

/// A number that events of the same fingerprint share. Without a fingerprint: those of the same
/// kind, type and place in the program, with the same message.
pub(crate) fn of(event: &Event) -> u64 {
    let mut hasher = TextHasher::default();
    if !event.fingerprint.is_empty() {
        event.fingerprint.hash(&mut hasher);
        return hasher.finish();
    }
    event.kind.hash(&mut hasher);
    for error in &event.exceptions {
        (&error.type_name, &error.module).hash(&mut hasher);
    }
    if let Some(frame) = event.path.first() {
        (frame.function, frame.file, frame.line).hash(&mut hasher);
    }
    event.message.hash(&mut hasher);
    hasher.finish()
}
