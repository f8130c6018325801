//! Release health: how many processes, or requests, end well.

mod aggregates;
mod report;
mod request;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use self::aggregates::Aggregates;
use crate::context::Scope;
use crate::context::scope;
#[cfg(feature = "tower")]
use crate::hub::Hub;
use crate::record::{Event, Level, SessionAggregate};

pub use request::{end_session, start_session};

pub(crate) use report::ReportSessions;
pub(crate) use request::RequestSession;

/// What a session is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionMode {
    /// The process, from [`init`](crate::init) to the end of the guard: for what a user starts.
    Application,
    /// A request, or another unit of work: for servers. The tower layer makes one of each request,
    /// [`start_session`](crate::start_session) one by hand. They are counted, and sent by the minute.
    Request,
}

/// The sessions of one hub.
pub(crate) struct Sessions {
    mode: Option<SessionMode>,
    /// Of the process.
    errors: AtomicU64,
    crashed: AtomicBool,
    /// Of requests that have ended.
    aggregates: Mutex<Aggregates>,
}

impl Sessions {
    pub(crate) fn new(mode: Option<SessionMode>) -> Self {
        Self {
            mode,
            errors: AtomicU64::new(0),
            crashed: AtomicBool::new(false),
            aggregates: Mutex::default(),
        }
    }

    pub(crate) const fn mode(&self) -> Option<SessionMode> {
        self.mode
    }

    /// Notes an event that no rule of the program dropped.
    pub(crate) fn note(&self, event: &Event, request: Option<&RequestSession>) {
        if self.mode.is_none() {
            return;
        }
        let is_error = !event.exceptions.is_empty();
        let crashed = is_error && !event.mechanism.handled;
        if is_error || matches!(event.level, Level::Error | Level::Fatal) {
            self.failed(crashed, request);
        }
    }

    /// Notes an error of which no event is made, because there were too many like it.
    pub(crate) fn left_out(&self) {
        if self.mode.is_some() {
            let scope = scope::current();
            let request = scope.as_ref().and_then(|scope| scope.session.as_deref());
            self.failed(false, request);
        }
    }

    /// The process ends with a panic.
    pub(crate) fn crash(&self) {
        self.failed(true, None);
    }

    fn failed(&self, crashed: bool, request: Option<&RequestSession>) {
        match (self.mode, request) {
            (Some(SessionMode::Application), _) => {
                self.errors.fetch_add(1, Ordering::Relaxed);
                self.crashed.fetch_or(crashed, Ordering::Relaxed);
            }
            (Some(SessionMode::Request), Some(request)) => request.failed(crashed),
            _ => {}
        }
    }

    fn change_aggregates<T>(&self, f: impl FnOnce(&mut Aggregates) -> T) -> T {
        f(&mut self.aggregates.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn take_aggregates(&self) -> Vec<SessionAggregate> {
        self.change_aggregates(std::mem::take).into_sorted()
    }
}

/// Takes the session out of a scope that is on its way: who keeps that must not keep the session.
pub(crate) fn taken_from(scope: &mut Arc<Scope>) -> Option<Arc<RequestSession>> {
    scope.session.as_ref()?;
    Arc::make_mut(scope).session.take()
}

/// Begins the session of a request in the current scope, if the hub counts requests.
#[cfg(feature = "tower")]
pub(crate) fn begin_request(hub: &'static Hub) {
    request::begin(hub, |change| scope::update(|scope| change(scope)));
}
