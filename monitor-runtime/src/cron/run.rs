use std::sync::Arc;
use std::time::Duration;

use crate::clock;
use crate::collect;
use crate::context::current_span;
use crate::context::new_event_id;
use crate::hub::Hub;
use crate::record::{CheckIn, CheckInStatus, EventId, Monitor, TraceId};

/// A run of a scheduled job that has begun.
pub(crate) struct Run {
    hub: &'static Hub,
    id: EventId,
    monitor: Arc<Monitor>,
    /// In ticks.
    start: u64,
    trace_id: Option<TraceId>,
}

impl Run {
    /// Says that a run begins.
    pub(crate) fn begin(hub: &'static Hub, monitor: Monitor) -> Self {
        let run = Self {
            hub,
            id: new_event_id(),
            monitor: Arc::new(monitor),
            start: clock::now(),
            trace_id: current_span().trace_id(),
        };
        run.send(CheckInStatus::InProgress, None, false);
        run
    }

    /// Says how the run ended.
    pub(crate) fn end(&self, ok: bool) {
        let took = clock::to_nanos(clock::now().saturating_sub(self.start));
        let status = if ok { CheckInStatus::Ok } else { CheckInStatus::Error };
        self.send(status, Some(Duration::from_nanos(took)), false);
    }

    fn send(&self, status: CheckInStatus, duration: Option<Duration>, is_alone: bool) {
        let check_in = CheckIn {
            id: self.id,
            monitor: Arc::clone(&self.monitor),
            status,
            timestamp: clock::wall_time(),
            duration,
            trace_id: self.trace_id,
            is_alone,
        };
        collect::send_check_in(self.hub, check_in);
    }

    pub(super) const fn id(&self) -> EventId {
        self.id
    }
}

/// Says something of a job whose begin nobody knows.
pub(super) fn once(
    hub: &'static Hub,
    monitor: Monitor,
    status: CheckInStatus,
    duration: Option<Duration>,
) -> EventId {
    let trace_id = current_span().trace_id();
    let run = Run { hub, id: new_event_id(), monitor: Arc::new(monitor), start: 0, trace_id };
    run.send(status, duration, true);
    run.id
}
