//! Spotlight receives what Sentry does, as it expects it.

use monitor_runtime::traced;
use monitor_tests::Reply;

use crate::{Monitored, service};

#[test]
fn spotlight_needs_no_dsn() {
    let monitored =
        Monitored::configured(|config, ingest| config.with_spotlight(ingest.spotlight()));
    service::handle(13).unwrap_err();
    let received = monitored.received();
    assert_eq!(received.len(), 2, "an error and a transaction");
    for received in received {
        assert_eq!(received.request.path, "/stream");
        // Without one Spotlight answers 200 and looks no further.
        let content_type = received.request.header("content-type");
        assert_eq!(content_type, Some("application/x-sentry-envelope"));
    }
}

#[traced(op = "task")]
fn once() {}

/// It may be started and ended while the program runs.
#[test]
fn what_spotlight_does_not_take_is_not_sent_again() {
    let monitored =
        Monitored::configured(|config, ingest| config.with_spotlight(ingest.spotlight()));
    monitored.ingest.script([Reply::Status(503, Vec::new())]);
    once();
    assert_eq!(monitored.items("transaction").len(), 1);
    once();
    assert_eq!(monitored.items("transaction").len(), 2, "the next one is tried all the same");
}

#[test]
fn sentry_receives_the_same_and_is_alone_in_the_figures() {
    let monitored = Monitored::configured(|config, ingest| {
        config.with_dsn(ingest.dsn()).with_spotlight(ingest.spotlight())
    });
    once();
    let mut paths: Vec<_> = monitored.received().into_iter().map(|r| r.request.path).collect();
    paths.sort();
    assert_eq!(paths, ["/api/42/envelope/", "/stream"]);
    assert_eq!(monitor_runtime::delivery().delivered("transaction"), 1);
}
