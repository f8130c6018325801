use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::record::SessionAggregate;

/// Minutes that are kept apart: those in which the requests began that end in one minute.
const MAX_MINUTES: usize = 1000;

/// Requests that have ended, by the minute in which they began.
#[derive(Default)]
pub(super) struct Aggregates(BTreeMap<u64, Counts>);

#[derive(Clone, Copy, Default)]
struct Counts {
    exited: u64,
    errored: u64,
    crashed: u64,
}

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Well,
    WithAnError,
    WithAPanic,
}

impl Aggregates {
    pub(super) fn add(&mut self, started: SystemTime, ended: Ended) {
        let since = started.duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut minute = since.as_secs() / 60;
        // There is no such program: a request of each minute of a day.
        if self.0.len() >= MAX_MINUTES
            && !self.0.contains_key(&minute)
            && let Some((oldest, _)) = self.0.first_key_value()
        {
            minute = *oldest;
        }
        let counts = self.0.entry(minute).or_default();
        match ended {
            Ended::Well => counts.exited += 1,
            Ended::WithAnError => counts.errored += 1,
            Ended::WithAPanic => counts.crashed += 1,
        }
    }

    pub(super) fn into_sorted(self) -> Vec<SessionAggregate> {
        let aggregate = |(minute, counts): (u64, Counts)| SessionAggregate {
            started: UNIX_EPOCH + Duration::from_secs(minute * 60),
            exited: counts.exited,
            errored: counts.errored,
            crashed: counts.crashed,
        };
        self.0.into_iter().map(aggregate).collect()
    }
}
