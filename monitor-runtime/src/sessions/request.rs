use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use super::SessionMode;
use super::aggregates::Ended;
use crate::clock;
use crate::context::{Scope, scope};
use crate::hub::Hub;

/// The session of a request. It lies in the request's scope, and has ended when no scope and no event
/// on its way holds it any more: what the request has spawned is part of it.
pub(crate) struct RequestSession {
    hub: &'static Hub,
    started: SystemTime,
    failed: AtomicBool,
    crashed: AtomicBool,
}

impl RequestSession {
    pub(super) fn failed(&self, crashed: bool) {
        self.failed.store(true, Ordering::Relaxed);
        self.crashed.fetch_or(crashed, Ordering::Relaxed);
    }
}

impl Drop for RequestSession {
    fn drop(&mut self) {
        let ended = match (self.crashed.get_mut(), self.failed.get_mut()) {
            (true, _) => Ended::WithAPanic,
            (false, true) => Ended::WithAnError,
            (false, false) => Ended::Well,
        };
        self.hub.sessions().change_aggregates(|aggregates| aggregates.add(self.started, ended));
    }
}

impl fmt::Debug for RequestSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestSession").finish_non_exhaustive()
    }
}

pub(super) fn begin(hub: &'static Hub, update: impl FnOnce(&mut dyn FnMut(&mut Scope))) {
    if hub.sessions().mode() != Some(SessionMode::Request) {
        return;
    }
    let (failed, crashed) = (AtomicBool::new(false), AtomicBool::new(false));
    let session = RequestSession { hub, started: clock::wall_time(), failed, crashed };
    let mut session = Some(Arc::new(session));
    let mut before = None;
    update(&mut |scope| before = std::mem::replace(&mut scope.session, session.take()));
    // Outside of the scope's own update: the end of a session takes a lock.
    drop(before);
}

/// Begins a session of the current scope, where the config says
/// [`SessionMode::Request`](crate::SessionMode::Request); elsewhere nothing happens.
///
/// It ends with the scope, that of everything spawned from it included, or with [`end_session`]. An
/// error that is captured in it makes it an errored one, a panic a crashed one.
///
/// ```
/// use monitor_runtime::{start_session, traced};
///
/// #[traced(root, op = "queue.process")]
/// fn process(message: &str) {
///     start_session();
///     // ..
/// }
/// ```
pub fn start_session() {
    if let Some(hub) = scope::hub() {
        begin(hub, |change| scope::update_by_hand(|scope| change(scope)));
    }
}

/// Ends the session of the current scope, before the scope ends. What has been spawned from it, and
/// errors on their way, still belong to it.
pub fn end_session() {
    let mut ended = None;
    scope::update_by_hand(|scope| ended = scope.session.take());
    drop(ended);
}
