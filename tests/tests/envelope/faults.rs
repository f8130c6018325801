//! Whatever the server does: what arrived, what we say we dropped and what the server refused add up
//! to what was recorded.

use std::time::Duration;

use monitor_runtime::{SentryBackend, SentryOptions};
use monitor_tests::{Item, Received, Reply};

use crate::{Monitored, PATIENCE, list, service};

const ERRORS: u64 = 20;
const TRANSACTIONS: u64 = 10;
/// `service::handle` makes three.
const SPANS: u64 = 3 * TRANSACTIONS;

/// Errors, transactions and spans.
type Counts = [u64; 3];

const RECORDED: Counts = [ERRORS, TRANSACTIONS, SPANS];
const NONE: Counts = [0; 3];

/// Requests that last for 200 ms at most.
fn impatient() -> Monitored {
    Monitored::configured(|config, ingest| {
        let mut options = SentryOptions::new(ingest.dsn());
        options.http_timeout = Duration::from_millis(200);
        config.with_backend(SentryBackend::new(options).expect("valid options"))
    })
}

fn record() {
    for _ in 0..TRANSACTIONS {
        service::fail().unwrap_err();
        service::handle(1).unwrap();
        service::fail().unwrap_err();
    }
}

fn counts(received: &[Received]) -> Counts {
    let items: Vec<_> = received.iter().flat_map(|received| &received.envelope.items).collect();
    let of_kind = |kind: &str| items.iter().filter(|item| item.kind() == kind).count() as u64;
    let transactions = items.iter().filter(|item| item.kind() == "transaction");
    let spans = transactions.map(|item| 1 + list(&item.payload["spans"]).len() as u64).sum();
    [of_kind("event"), of_kind("transaction"), spans]
}

/// What our reports say that was lost, those for one reason or all.
fn reported(items: &[Item], reason: Option<&str>) -> Counts {
    let losses: Vec<_> =
        items.iter().flat_map(|item| list(&item.payload["discarded_events"])).collect();
    ["error", "transaction", "span"].map(|category| {
        let of_category = losses.iter().filter(|loss| loss["category"] == category);
        let asked = of_category.filter(|loss| reason.is_none_or(|reason| loss["reason"] == reason));
        asked.map(|loss| loss["quantity"].as_u64().unwrap()).sum()
    })
}

fn sum(counts: &[Counts]) -> Counts {
    std::array::from_fn(|at| counts.iter().map(|counts| counts[at]).sum())
}

/// Records while the server answers like this, then lets it be well; checks that it all adds up, and
/// returns what was reported as lost for a reason.
fn lost(monitored: &Monitored, fault: impl IntoIterator<Item = Reply>, reason: &str) -> Counts {
    monitored.ingest.script(fault);
    record();
    // Only by now all of the script may be used up: what is reported goes out after that.
    assert!(monitor_runtime::flush(PATIENCE));
    assert!(monitor_runtime::flush(PATIENCE));
    let received = monitored.ingest.received();
    let (taken, refused): (Vec<_>, Vec<_>) =
        received.into_iter().partition(|r| r.status == Some(200));
    let refused: Vec<_> = refused.into_iter().filter(|r| r.status == Some(429)).collect();
    let reports: Vec<_> =
        taken.iter().flat_map(|received| received.envelope.items.clone()).collect();
    let reports: Vec<_> =
        reports.into_iter().filter(|item| item.kind() == "client_report").collect();
    let parts = [counts(&taken), reported(&reports, None), counts(&refused)];
    assert_eq!(sum(&parts), RECORDED, "taken, reported, refused: {parts:?}");
    assert_all_accounted_for(counts(&taken));
    let elsewhere = [reported(&reports, Some(reason)), reported(&reports, None)];
    assert_eq!(elsewhere[0], elsewhere[1], "no other reason than {reason}");
    elsewhere[0]
}

/// The same by what the program can ask.
fn assert_all_accounted_for(taken: Counts) {
    let delivery = monitor_runtime::delivery();
    let categories = ["error", "transaction", "span"];
    assert_eq!(categories.map(|category| delivery.delivered(category)), taken, "{delivery}");
    let dropped = categories.map(|category| delivery.dropped(category));
    assert_eq!(sum(&[taken, dropped]), RECORDED, "{delivery}");
}

fn times(reply: &Reply, count: usize) -> impl Iterator<Item = Reply> {
    std::iter::repeat_n(reply.clone(), count)
}

#[test]
fn nothing_is_lost_by_a_server_that_is_well() {
    let monitored = Monitored::start();
    assert_eq!(lost(&monitored, [], "none"), NONE);
}

#[test]
fn what_passes_is_waited_for() {
    let unavailable = Reply::Status(503, Vec::new());
    for fault in [unavailable, Reply::Reset, Reply::CloseOnce, Reply::Half, Reply::Garbage] {
        let monitored = Monitored::start();
        assert_eq!(lost(&monitored, times(&fault, 3), "none"), NONE, "{fault:?}");
    }
}

#[test]
fn what_the_server_refuses_is_reported() {
    for status in [400, 403, 413, 500] {
        let monitored = Monitored::start();
        let lost = lost(&monitored, times(&Reply::Status(status, Vec::new()), 6), "send_error");
        assert_eq!(lost[0] + lost[1], 6, "{status}: one a request");
        assert_eq!(lost[2], 3 * lost[1], "{status}: each with its spans");
    }
}

/// Following it would end in a request without the envelope, and perhaps in a 200.
#[test]
fn a_redirect_is_not_taken_for_an_arrival() {
    for status in [301, 302, 307] {
        let monitored = Monitored::start();
        let elsewhere = Reply::with_header(status, "Location", &monitored.ingest.spotlight());
        let lost = lost(&monitored, times(&elsewhere, 6), "send_error");
        assert_eq!(lost[0] + lost[1], 6, "{status}: one a request");
        let why = monitor_runtime::delivery().last_failure().unwrap().to_owned();
        assert!(why.contains(&status.to_string()), "{why}");
    }
}

#[test]
fn a_limited_category_is_held_back_and_the_others_flow() {
    let limit = Reply::with_header(429, "X-Sentry-Rate-Limits", "60:error:organization:quota");
    let monitored = Monitored::start();
    assert_eq!(lost(&monitored, [limit], "ratelimit_backoff"), [ERRORS - 1, 0, 0]);

    let limit = Reply::with_header(200, "X-Sentry-Rate-Limits", "60:transaction:key");
    drop(monitored);
    let monitored = Monitored::start();
    assert_eq!(
        lost(&monitored, [limit], "ratelimit_backoff"),
        [0, TRANSACTIONS, SPANS],
        "the error that was answered so was taken"
    );
}

#[test]
fn a_limit_of_everything_is_kept_and_reported_afterwards() {
    for limit in [Reply::Status(429, Vec::new()), Reply::with_header(503, "Retry-After", "1")] {
        let monitored = Monitored::start();
        monitored.ingest.script([limit]);
        record();
        assert!(monitor_runtime::flush(PATIENCE));
        assert_eq!(monitored.ingest.received().len(), 1, "nothing more is sent");
        let delivery = monitor_runtime::delivery();
        let dropped = ["error", "transaction", "span"].map(|category| delivery.dropped(category));
        assert_eq!(dropped, RECORDED, "{delivery}");
    }
}

#[test]
fn a_server_that_hangs_or_drips_costs_the_timeout_and_is_asked_again() {
    for fault in [Reply::Hang, Reply::Trickle] {
        let monitored = impatient();
        assert_eq!(lost(&monitored, [fault.clone()], "none"), NONE, "{fault:?}");
        drop(monitored);
        // Twice the same envelope: that is given up.
        let monitored = impatient();
        let lost = lost(&monitored, times(&fault, 2), "network_error");
        assert_eq!(lost[0] + lost[1], 1, "{fault:?}");
    }
}

#[test]
fn a_server_that_is_gone_loses_nothing_silently() {
    let monitored = Monitored::start();
    record();
    assert!(monitor_runtime::flush(PATIENCE));
    monitored.ingest.die();
    service::handle(13).unwrap_err();
    service::fail().unwrap_err();
    assert!(monitor_runtime::flush(PATIENCE));
    let delivery = monitor_runtime::delivery();
    let lost = ["error", "transaction", "span"].map(|c| delivery.count(c, "network_error"));
    assert_eq!(lost, [2, 1, 3], "{delivery}");
    assert_eq!(delivery.delivered("error"), ERRORS, "{delivery}");
}
