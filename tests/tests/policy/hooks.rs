//! Closures that change or drop records.

use std::sync::Arc;
use std::time::Duration;

use monitor_runtime::record::EventKind;
use monitor_runtime::{
    Breadcrumb, Config, Level, Loss, MockBackend, MockGuard, add_breadcrumb, breadcrumb,
    capture_message, set_tag, traced,
};

use crate::failure::fail;

fn with(change: impl FnOnce(Config) -> Config) -> MockGuard {
    MockBackend::install_with(change(Config::new().with_traces_sample_rate(1.0)))
}

fn loss(mock: &MockBackend) -> Loss {
    assert!(monitor_runtime::flush(Duration::from_secs(10)));
    mock.loss()
}

#[traced(op = "db.query", fields(id))]
fn leaf(id: u32) {
    let _ = id;
}

#[traced(op = "cache.get")]
fn middle(id: u32) {
    leaf(id);
}

#[traced]
fn root(id: u32) {
    middle(id);
}

#[test]
fn events_are_changed_and_dropped() {
    let mock = with(|config| {
        config.with_before_send(|mut event| {
            event.level = Level::Fatal;
            Arc::make_mut(&mut event.scope).set_tag("seen", "yes");
            (event.kind != EventKind::Message).then_some(event)
        })
    });
    set_tag("tenant", "acme");
    assert!(fail("disk full").is_err());
    capture_message("hello", Level::Info);
    let event = mock.event("disk full");
    assert_eq!((event.level, event.tag("seen")), (Level::Fatal, Some("yes")));
    assert_eq!(event.tag("tenant"), Some("acme"));
    assert_eq!(mock.events().len(), 1);
    assert_eq!(loss(&mock).before_send, 1);
}

#[test]
fn transactions_are_changed_and_dropped() {
    let mock = with(|config| {
        config.with_before_send_transaction(|mut transaction| {
            transaction.spans[0].set_name("renamed");
            let id = transaction.spans.last()?.attribute("id")?.as_u64()?;
            if id == 3 {
                transaction.spans.clear();
            }
            (id != 2).then_some(transaction)
        })
    });
    (1..=3).for_each(root);
    assert_eq!(mock.transactions().len(), 1);
    assert_eq!(mock.transaction("renamed").spans.len(), 3);
    let loss = loss(&mock);
    assert_eq!((loss.before_send_transaction, loss.before_send_span), (2, 6));
}

#[test]
fn spans_are_changed_and_dropped_and_children_find_a_parent() {
    let mock = with(|config| {
        config.with_before_send_span(|mut span| {
            span.set_description("seen");
            (span.op() != "cache.get").then_some(span)
        })
    });
    root(1);
    let leaf = mock.span("leaf");
    assert_eq!(leaf.parent, Some(mock.span("root").id));
    assert_eq!(leaf.description(), Some("seen"));
    assert_eq!(mock.spans().len(), 2);
    assert_eq!(loss(&mock).before_send_span, 1);
    // Without its root there is no transaction.
    middle(2);
    assert_eq!(mock.transactions().len(), 1);
    assert_eq!(loss(&mock).before_send_transaction, 1);
}

#[test]
fn breadcrumbs_are_changed_and_dropped_where_they_are_added() {
    let caller = std::thread::current().id();
    let mock = with(|config| {
        config.with_before_breadcrumb(move |breadcrumb| {
            assert_eq!(std::thread::current().id(), caller);
            // Would come back here for ever.
            add_breadcrumb(Breadcrumb::new("hook", "one more"));
            (breadcrumb.category != "noise").then(|| breadcrumb.with("seen", true))
        })
    });
    breadcrumb!("noise", "tick");
    breadcrumb!("auth", "refreshed");
    capture_message("now", Level::Info);
    let event = mock.event("now");
    let crumbs: Vec<_> = event.scope.breadcrumbs().collect();
    assert_eq!(crumbs.len(), 1, "{crumbs:?}");
    assert_eq!(crumbs[0].data, [("seen".into(), true.into())]);
    assert_eq!(loss(&mock).before_breadcrumb, 1);
}

#[test]
fn a_hook_that_panics_drops_what_it_had_and_nothing_else() {
    let mock = with(|config| {
        config
            .with_before_send(|event| {
                assert!(!event.title().contains("bad"), "as the test wants");
                Some(event)
            })
            .with_before_send_span(|span| {
                assert!(span.attribute("id") != Some(&13_u32.into()), "as the test wants");
                Some(span)
            })
            .with_before_send_transaction(|transaction| {
                assert!(transaction.root().name() != "leaf", "as the test wants");
                Some(transaction)
            })
            .with_before_breadcrumb(|breadcrumb| {
                assert!(breadcrumb.category != "bad", "as the test wants");
                Some(breadcrumb)
            })
    });
    breadcrumb!("bad", "one");
    breadcrumb!("good", "two");
    assert!(fail("bad").is_err());
    assert!(fail("good").is_err());
    root(13);
    root(14);
    leaf(1);
    assert_eq!(mock.event("good").scope.breadcrumbs().count(), 1);
    assert_eq!(mock.transactions().len(), 2);
    assert_eq!(mock.spans().len(), 5);
    let loss = loss(&mock);
    assert_eq!((loss.before_send, loss.before_breadcrumb), (1, 1));
    assert_eq!((loss.before_send_span, loss.before_send_transaction), (2, 1));
}

#[test]
fn nothing_that_a_hook_does_is_recorded() {
    let mock = with(|config| {
        config.with_before_send(|event| {
            capture_message("from the hook", Level::Info);
            root(1);
            assert!(monitor_runtime::flush(Duration::from_secs(1)), "waits for nobody");
            Some(event)
        })
    });
    capture_message("from the program", Level::Info);
    assert_eq!(mock.events().len(), 1);
    assert_eq!(mock.events().len(), 1);
    assert!(mock.transactions().is_empty());
    mock.assert_no_loss();
}
