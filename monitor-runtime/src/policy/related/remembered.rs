use std::sync::{Arc, LazyLock};
use std::time::{SystemTime, UNIX_EPOCH};

use super::marks::{Marks, SHARED};
use crate::record::{Event, RelatedError, ToldError};

/// Bytes of a title that are remembered.
const MAX_TITLE: usize = 200;

/// What is remembered of an error.
pub(super) struct Remembered {
    pub(super) told: Arc<ToldError>,
    /// When it was, in nanoseconds since 1970.
    pub(super) time: u64,
    /// How many it stands for: those that were left out before it, too.
    pub(super) weight: u64,
    pub(super) marks: Marks,
}

impl Remembered {
    /// `spare` is one that nobody needs any more, whose memory is used again.
    pub(super) fn of(event: &Event, marks: Marks, spare: Option<Self>) -> Self {
        let mut told = spare.map(|spare| spare.told);
        let id = event.id;
        let told = match told.as_mut().and_then(Arc::get_mut) {
            Some(place) => {
                place.id = id;
                write_title(event, &mut place.title);
                told.unwrap_or_else(|| unreachable!("it is there"))
            }
            None => {
                let mut title = String::new();
                write_title(event, &mut title);
                Arc::new(ToldError { id, title })
            }
        };
        Self {
            told,
            time: nanos(event.timestamp),
            weight: event.suppressed.saturating_add(1),
            marks,
        }
    }

    /// A hash of the user; 0 where none is known.
    pub(super) const fn user(&self) -> u64 {
        self.marks.0[2]
    }

    /// Whether it has the same fingerprint.
    pub(super) const fn is_like(&self, other: &Self) -> bool {
        self.marks.0[3] == other.marks.0[3]
    }

    /// What an event says of it with which it shares that.
    pub(super) fn described(&self, shared: usize, now: u64) -> RelatedError {
        RelatedError {
            told: Arc::clone(&self.told),
            score: Marks::score(shared),
            shares: names(shared),
            seconds_ago: now.saturating_sub(self.time) / 1_000_000_000,
        }
    }
}

/// A time in nanoseconds since 1970.
pub(super) fn nanos(time: SystemTime) -> u64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}

/// The names of what is shared.
fn names(shared: usize) -> &'static str {
    static NAMES: LazyLock<[String; 1 << SHARED.len()]> = LazyLock::new(|| {
        std::array::from_fn(|shared| {
            let names = SHARED.iter().enumerate().filter(|(at, _)| shared >> at & 1 == 1);
            names.map(|(_, (_, name))| *name).collect::<Vec<_>>().join(", ")
        })
    });
    NAMES.get(shared).map_or("", String::as_str)
}

/// As [`Event::title`], of at most so many bytes.
fn write_title(event: &Event, title: &mut String) {
    title.clear();
    let mut add = |text: &str| title.push_str(crate::context::cut(text, MAX_TITLE - title.len()));
    match (event.exceptions.first(), &event.message) {
        (Some(error), _) => [&*error.type_name, ": ", &error.value].into_iter().for_each(add),
        (None, Some(message)) => add(message),
        (None, None) => {}
    }
}
