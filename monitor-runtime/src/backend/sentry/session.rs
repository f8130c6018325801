//! Sessions in Sentry's types. Those without a release Sentry doesn't take.

use std::time::SystemTime;

use sentry_core::ClientOptions;
use sentry_core::protocol::{self, SessionAggregateItem, SessionAggregates, SessionAttributes};
use sentry_core::types::Uuid;

use crate::diagnostics;
use crate::record::{SessionAggregate, SessionStatus, SessionUpdate};

/// Minutes in one item: the most that Sentry takes in an envelope.
const MAX_ITEMS: usize = 100;

pub(super) fn update(
    session: &SessionUpdate,
    options: &ClientOptions,
) -> Option<protocol::SessionUpdate<'static>> {
    Some(protocol::SessionUpdate {
        session_id: Uuid::from_bytes(session.id.to_bytes()),
        distinct_id: None,
        sequence: Some(session.sequence),
        timestamp: Some(session.timestamp),
        started: session.started,
        init: session.sequence == 0,
        duration: session.duration.map(|duration| duration.as_secs_f64()),
        status: match session.status {
            SessionStatus::Ok => protocol::SessionStatus::Ok,
            SessionStatus::Exited => protocol::SessionStatus::Exited,
            SessionStatus::Crashed => protocol::SessionStatus::Crashed,
        },
        errors: session.errors,
        attributes: attributes(options)?,
    })
}

pub(super) fn aggregates(
    counted: &[SessionAggregate],
    options: &ClientOptions,
) -> Vec<SessionAggregates<'static>> {
    let Some(attributes) = attributes(options) else { return Vec::new() };
    let items = counted.chunks(MAX_ITEMS).map(|part| SessionAggregates {
        aggregates: part.iter().map(item).collect(),
        attributes: attributes.clone(),
    });
    items.collect()
}

fn item(counted: &SessionAggregate) -> SessionAggregateItem {
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    SessionAggregateItem {
        started: counted.started.max(SystemTime::UNIX_EPOCH),
        distinct_id: None,
        exited: count(counted.exited),
        errored: count(counted.errored),
        abnormal: 0,
        crashed: count(counted.crashed),
    }
}

fn attributes(options: &ClientOptions) -> Option<SessionAttributes<'static>> {
    let release = options.release.clone();
    if release.is_none() {
        diagnostics::explain("session", || {
            "sessions are left out: they need a release, see `Config::with_release`".to_owned()
        });
    }
    Some(SessionAttributes {
        release: release?,
        environment: options.environment.clone(),
        ip_address: None,
        user_agent: None,
    })
}
