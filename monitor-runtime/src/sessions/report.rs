use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

use super::{SessionMode, Sessions};
use crate::context::new_event_id;
use crate::hub::{Hub, Periodic, Tick};
use crate::record::{EventId, SessionStatus, SessionUpdate};

/// How often counts of requests are sent: as often as Sentry's SDKs send them.
const INTERVAL: Duration = Duration::from_secs(60);

/// Tells the backends of the sessions of a hub.
pub(crate) struct ReportSessions {
    last: Duration,
    application: Option<Application>,
}

/// The session of the process.
struct Application {
    id: EventId,
    since: Duration,
    started: SystemTime,
    sequence: u64,
    /// What was said last; `None` before the first update.
    said: Option<(SessionStatus, bool)>,
}

impl ReportSessions {
    pub(crate) fn new(hub: &Hub) -> Self {
        let (now, started) = (hub.clock().now(), hub.clock().wall_time());
        let application = (hub.sessions().mode() == Some(SessionMode::Application)).then(|| {
            Application { id: new_event_id(), since: now, started, sequence: 0, said: None }
        });
        Self { last: now, application }
    }
}

impl Periodic for ReportSessions {
    fn tick(&mut self, tick: &Tick) {
        if let Some(application) = &mut self.application {
            application.tick(tick);
        } else if tick.flush || tick.now >= self.last + INTERVAL {
            self.last = tick.now;
            let aggregates = tick.hub.sessions().take_aggregates();
            if !aggregates.is_empty() {
                tick.hub.each_backend(|backend| backend.session_aggregates(&aggregates));
            }
        }
    }
}

impl Application {
    /// Says that it begins, that there is an error, that it has crashed, and that it has ended: each
    /// once. After a crash nothing more is said.
    fn tick(&mut self, tick: &Tick) {
        let (errors, crashed) = state(tick.hub.sessions());
        let status = match (crashed, tick.closing) {
            (true, _) => SessionStatus::Crashed,
            (false, true) => SessionStatus::Exited,
            (false, false) => SessionStatus::Ok,
        };
        let news = (status, errors > 0);
        let is_over = self.said.is_some_and(|(status, _)| status != SessionStatus::Ok);
        if is_over || self.said == Some(news) {
            return;
        }
        let took = tick.now.saturating_sub(self.since);
        let update = SessionUpdate {
            id: self.id,
            sequence: self.sequence,
            started: self.started,
            timestamp: tick.hub.clock().wall_time(),
            duration: (status != SessionStatus::Ok).then_some(took),
            status,
            errors,
        };
        self.sequence += 1;
        self.said = Some(news);
        tick.hub.each_backend(|backend| backend.session(&update));
    }
}

fn state(sessions: &Sessions) -> (u64, bool) {
    (sessions.errors.load(Ordering::Relaxed), sessions.crashed.load(Ordering::Relaxed))
}

#[cfg(all(test, feature = "mock"))]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::context::local;
    use crate::{Level, MockBackend, capture_error, capture_message, testing};

    const PATIENCE: Duration = Duration::from_secs(10);

    #[test]
    fn the_process_begins_has_its_first_error_and_ends() {
        let mode = SessionMode::Application;
        let mock = MockBackend::install_with(Config::new().with_sessions(mode));
        let hub = local::with(Hub::current).unwrap();
        assert_eq!(mock.sessions().len(), 1);
        capture_message("no error", Level::Warning);
        capture_error(&std::fmt::Error);
        assert_eq!(mock.sessions().len(), 2);
        capture_error(&std::fmt::Error);
        assert_eq!(mock.sessions().len(), 2, "only the first one is news");
        testing::advance(Duration::from_secs(90));
        hub.close(PATIENCE);
        let sessions = mock.sessions();
        let said: Vec<_> = sessions.iter().map(|s| (s.sequence, s.status, s.errors)).collect();
        use SessionStatus::{Exited, Ok};
        assert_eq!(said, [(0, Ok, 0), (1, Ok, 1), (2, Exited, 2)]);
        assert!(sessions.iter().all(|session| session.id == sessions[0].id));
        assert_eq!(sessions[1].duration, None);
        assert_eq!(sessions[2].duration.map(|took| took.as_secs()), Some(90));
    }
}
