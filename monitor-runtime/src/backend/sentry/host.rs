//! The program's own Sentry: its client and its spans.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use sentry_core::types::Dsn;
use sentry_core::{Client, Hub, TransactionOrSpan};

use super::sdk::USER_AGENT;
use super::{SentryIntegration, join};
use crate::propagation::{self, Identity, Parent, SENTRY_TRACE, parse_sentry_trace};

/// The client of a program that has set up Sentry by itself, if it sends to this DSN; without one,
/// wherever it sends.
pub(super) fn client(dsn: Option<&str>) -> Option<Arc<Client>> {
    let wanted = match dsn {
        Some(dsn) => Some(dsn.trim().parse::<Dsn>().ok()?),
        None => None,
    };
    let client = Hub::main().client().or_else(|| Hub::current().client())?;
    let is_theirs = client.is_enabled() && client.options().user_agent != USER_AGENT;
    let fits = wanted.is_none_or(|wanted| client.dsn() == Some(&wanted));
    (is_theirs && fits).then_some(client)
}

/// Has the events of the program's own client join, and its spans be continued.
pub(super) fn join_client(client: &Arc<Client>) {
    propagation::set_host_span(span);
    let is_joined = |hub: &Hub| hub.with_integration(|_: &SentryIntegration| true);
    for hub in bound_to(client) {
        if !is_joined(&hub) {
            hub.configure_scope(|scope| {
                scope.add_event_processor(join::event);
            });
        }
    }
}

/// Gives Sentry's own functions a client, where the program gave them none.
pub(super) fn bind(client: &Arc<Client>) {
    for hub in hubs() {
        let bound = hub.client();
        let is_free = bound.as_ref().is_none_or(|bound| bound.options().user_agent == USER_AGENT);
        if is_free {
            hub.bind_client(Some(Arc::clone(client)));
        }
        // Not before: a client that ends inside of `bind_client` waits for the hub's lock for ever.
        drop(bound);
    }
}

/// Takes back what [`bind`] gave.
pub(super) fn unbind(client: &Arc<Client>) {
    for hub in bound_to(client) {
        hub.bind_client(None);
    }
}

/// The hub of the process, from which threads take theirs, and the calling thread's.
fn hubs() -> impl Iterator<Item = Arc<Hub>> {
    let (main, current) = (Hub::main(), Hub::current());
    let is_other = !Arc::ptr_eq(&main, &current);
    [Some(main), is_other.then_some(current)].into_iter().flatten()
}

fn bound_to(client: &Arc<Client>) -> impl Iterator<Item = Arc<Hub>> {
    hubs().filter(move |hub| hub.client().is_some_and(|bound| Arc::ptr_eq(&bound, client)))
}

/// How a client names the process to other services.
pub(super) fn identity(client: &Client) -> Identity {
    let options = client.options();
    let dsn = options.dsn.as_ref();
    let org_id = options.org_id.or_else(|| dsn.and_then(Dsn::org_id));
    Identity {
        public_key: dsn.map(|dsn| dsn.public_key().to_owned()),
        org_id: org_id.and_then(|id| id.to_string().parse().ok()),
        release: options.release.clone(),
        environment: options.environment.clone(),
    }
}

/// The span of Sentry's own that is current on the calling thread.
///
/// A thread that has run its destructors has no hub any more, and Sentry panics.
fn span() -> Option<Parent> {
    catch_unwind(AssertUnwindSafe(|| parent(&current_span()?))).ok().flatten()
}

fn current_span() -> Option<TransactionOrSpan> {
    let hub = Hub::current();
    hub.client()?;
    // A scope is only shown to be changed, and two threads that change one lose changes: this one
    // is a copy.
    Hub::new_from_top(hub).configure_scope(|scope| scope.get_span())
}

/// What a span tells other services is what it tells us.
fn parent(span: &TransactionOrSpan) -> Option<Parent> {
    let mut headers = span.iter_headers();
    headers.find_map(|(name, value)| (name == SENTRY_TRACE).then(|| parse_sentry_trace(&value))?)
}
