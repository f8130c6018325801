//! An event bus that is looked at: errors become messages, some types breadcrumbs.

use std::time::Duration;

use monitor_runtime::record::Attributes;
use monitor_runtime::{
    BusEvent, BusMonitor, EventObserver, InContextExt, Level, MockBackend, capture_message,
    observe_broadcast, observe_event, traced,
};
use tokio::sync::broadcast;

#[derive(Clone)]
struct Happened(&'static str, u64);

impl BusEvent for Happened {
    fn event_type(&self) -> &str {
        self.0
    }

    fn data(&self) -> Attributes {
        vec![("tokens".into(), self.1.into())]
    }
}

#[traced]
fn publish(types: &[&'static str]) {
    types.iter().for_each(|event_type| observe_event(&Happened(event_type, 7)));
    capture_message("done", Level::Info);
}

#[test]
fn errors_are_messages_and_ai_and_db_are_breadcrumbs() {
    let mock = MockBackend::install();
    publish(&["order.created", "ai.completed", "payment.error", "db.query", "email.ai.sent"]);
    let message = mock.event("payment.error");
    assert_eq!((message.level, message.mechanism.kind), (Level::Error, "event_bus"));
    let value = |key| message.context_value("event", key).map(ToString::to_string);
    assert_eq!(value("type").as_deref(), Some("payment.error"));
    assert_eq!(value("tokens").as_deref(), Some("7"));
    let crumbs = |event: &monitor_runtime::record::Event| {
        let crumbs = event.scope.breadcrumbs();
        crumbs.map(|crumb| format!("{}: {}", crumb.category, crumb.message)).collect::<Vec<_>>()
    };
    assert_eq!(crumbs(&message), ["event: ai.completed"]);
    let done = mock.event("done");
    assert_eq!(crumbs(&done), ["event: ai.completed", "event: db.query"]);
    assert_eq!(done.scope.breadcrumbs().next().unwrap().data, [("tokens".into(), 7_u64.into())]);
    assert_eq!(mock.events().len(), 2);
}

#[test]
fn what_is_both_is_both() {
    let mock = MockBackend::install();
    publish(&["ai.Error"]);
    assert_eq!(mock.event("ai.Error").scope.breadcrumbs().count(), 0);
    let done = mock.event("done");
    let crumb = done.scope.breadcrumbs().next().unwrap();
    assert_eq!((crumb.message.as_ref(), crumb.level), ("ai.Error", Level::Error));
}

#[test]
fn a_callback_has_rules_of_its_own() {
    struct Shouts;

    impl EventObserver for Shouts {
        fn observe(&self, event: &dyn BusEvent) {
            capture_message(event.event_type().to_uppercase(), Level::Info);
        }
    }

    let mock = MockBackend::install();
    let shouts = Shouts.into_callback::<Happened>();
    let monitors = BusMonitor::new().with_breadcrumbs("order.").into_callback::<Happened>();
    monitors(&Happened("order.created", 1));
    shouts(&Happened("order.created", 1));
    let event = mock.event("ORDER.CREATED");
    assert_eq!(event.scope.breadcrumbs().next().unwrap().message, "order.created");
}

#[test]
fn an_event_that_panics_is_passed_over() {
    struct Broken;

    impl BusEvent for Broken {
        fn event_type(&self) -> &str {
            panic!("no type")
        }
    }

    let mock = MockBackend::install();
    observe_event(&Broken);
    mock.assert_no_events();
}

#[tokio::test]
async fn a_channel_of_tokio_is_observed_to_its_end() {
    let mock = MockBackend::install();
    let (bus, receiver) = broadcast::channel(2);
    let observing = observe_broadcast(receiver, BusMonitor::new());
    // Three are one too many for the channel.
    for event_type in ["ai.lost", "ai.started", "ai.error"] {
        assert!(bus.send(Happened(event_type, 1)).is_ok());
    }
    drop(bus);
    tokio::spawn(observing.in_context()).await.unwrap();
    let message = mock.event("ai.error");
    assert_eq!(message.scope.breadcrumbs().next().unwrap().message, "ai.started");
    assert_eq!(mock.loss().bus_events, 1);
    // What the task saw stays there.
    capture_message("outside", Level::Info);
    assert_eq!(mock.event("outside").scope.breadcrumbs().count(), 0);
    assert!(mock.wait_for(2, Duration::from_secs(10)));
}
