use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::SystemTime;

use crate::record::{Attributes, Event, EventId, Text, TraceId, Value};

/// Bytes of a title that are remembered.
const MAX_TITLE: usize = 200;

/// What is remembered of an error.
pub(super) struct Remembered {
    pub(super) id: EventId,
    pub(super) time: SystemTime,
    pub(super) title: String,
    pub(super) identity: u64,
    /// How many it stands for: those that were left out before it, too.
    pub(super) weight: u64,
    trace: TraceId,
    /// Hashes; only whether they are equal counts.
    correlation: Option<u64>,
    pub(super) user: Option<u64>,
    command: Option<u64>,
}

/// What two errors share.
#[derive(Clone, Copy)]
pub(super) struct Shared {
    correlation: bool,
    trace: bool,
    user: bool,
    fingerprint: bool,
    command: bool,
}

impl Remembered {
    pub(super) fn of(event: &Event, identity: u64) -> Self {
        let scope = &event.scope;
        let command = event.tag("command.name").or(event.transaction.as_deref());
        let mut title = event.title();
        title.truncate(crate::context::cut(&title, MAX_TITLE).len());
        Self {
            id: event.id,
            time: event.timestamp,
            title,
            identity,
            weight: event.suppressed.saturating_add(1),
            trace: event.trace_id,
            correlation: scope.own_correlation_id().map(hash),
            user: scope.user().and_then(|user| user.id.as_deref()).map(hash),
            command: command.map(hash),
        }
    }

    pub(super) fn shared_with(&self, other: &Self) -> Shared {
        let same = |a: Option<u64>, b: Option<u64>| a.is_some() && a == b;
        Shared {
            correlation: same(self.correlation, other.correlation),
            trace: self.trace == other.trace,
            user: same(self.user, other.user),
            fingerprint: self.identity == other.identity,
            command: same(self.command, other.command),
        }
    }

    pub(super) fn described(&self, shared: Shared, now: SystemTime) -> Attributes {
        let ago = now.duration_since(self.time).unwrap_or_default();
        vec![
            ("event_id".into(), self.id.to_string().into()),
            ("title".into(), self.title.as_str().into()),
            ("score".into(), shared.score().into()),
            ("shares".into(), Value::Text(shared.names())),
            ("seconds_ago".into(), ago.as_secs().into()),
        ]
    }
}

impl Shared {
    const fn weighed(self) -> [(bool, u32, &'static str); 5] {
        [
            (self.correlation, 4, "correlation_id"),
            (self.trace, 3, "trace"),
            (self.user, 2, "user"),
            (self.fingerprint, 2, "fingerprint"),
            (self.command, 1, "command"),
        ]
    }

    pub(super) fn score(self) -> u32 {
        self.weighed()
            .iter()
            .filter(|(is_shared, ..)| *is_shared)
            .map(|(_, weight, _)| weight)
            .sum()
    }

    fn names(self) -> Text {
        let mut shared = self.weighed().into_iter().filter(|(is_shared, ..)| *is_shared);
        let mut names = Text::Borrowed(shared.next().map_or("", |(.., name)| name));
        for (.., name) in shared {
            names += ", ";
            names += name;
        }
        names
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}
