//! Traces that weren't sampled and went wrong.

use std::time::Duration;

use monitor_runtime::{
    Config, Level, MockBackend, TailSampling, capture_errors, capture_message,
    current_trace_headers, slow_threshold, testing, traced,
};

use crate::failure::Refused;

#[traced]
#[capture_errors]
fn load(works: bool) -> Result<u64, Refused> {
    if works { Ok(1) } else { Err(Refused("db")) }
}

#[traced]
fn handle(works: bool) -> u64 {
    load(works).unwrap_or_default()
}

#[traced]
#[slow_threshold(ms = 100)]
fn query(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[traced]
fn page(millis: u64) {
    query(millis);
}

fn mock(tail: TailSampling) -> monitor_runtime::MockGuard {
    let config = Config::new().with_traces_sample_rate(0.0).with_tail_sampling(tail);
    MockBackend::install_with(config)
}

#[test]
fn a_trace_in_which_a_call_failed_is_kept_whole() {
    let mock = mock(TailSampling::new());
    handle(true);
    handle(false);
    let transaction = mock.transaction("handle");
    assert_eq!(transaction.spans.len(), 2);
    assert!(transaction.sampling.tail);
    assert_eq!(transaction.sampling.rate, 1.0);
    assert_eq!(mock.event("Refused").trace_id, transaction.trace_id);
    assert_eq!(mock.loss().unsampled, 1);
    mock.assert_no_loss();
}

#[test]
fn a_trace_with_a_slow_call_is_kept() {
    let mock = mock(TailSampling::new());
    page(0);
    page(200);
    assert_eq!(mock.transaction("page").spans.len(), 2);
    assert_eq!(mock.loss().unsampled, 1);
}

#[test]
fn a_long_trace_is_kept_if_that_is_asked_for() {
    #[traced]
    fn long(millis: u64) {
        testing::advance(Duration::from_millis(millis));
    }
    let mock =
        mock(TailSampling::new().failed(false).slow(false).slower_than(Duration::from_secs(5)));
    long(10);
    long(6000);
    handle(false);
    page(200);
    assert_eq!(mock.transactions().len(), 1);
    assert!(mock.transaction("long").root().duration() >= Duration::from_secs(6));
    assert_eq!(mock.loss().unsampled, 3);
}

#[test]
fn while_it_runs_the_trace_says_that_it_is_not_sampled() {
    #[traced]
    fn tells() -> String {
        capture_message("here", Level::Info);
        current_trace_headers().get("sentry-trace").unwrap().to_owned()
    }
    let mock = mock(TailSampling::new());
    assert!(tells().ends_with("-0"));
    assert!(!mock.event("here").sampled);
}

#[test]
fn what_was_sampled_is_delivered_as_ever() {
    let config = Config::new().with_traces_sample_rate(1.0).with_tail_sampling(TailSampling::new());
    let mock = MockBackend::install_with(config);
    handle(true);
    assert!(!mock.transaction("handle").sampling.tail);
    assert_eq!(mock.loss().unsampled, 0);
}

#[test]
fn work_after_the_root_shares_its_fate() {
    use monitor_runtime::Context;

    #[traced]
    fn late() {}

    #[traced]
    fn begin(works: bool) -> Context {
        handle(works);
        Context::current()
    }
    let mock = mock(TailSampling::new());
    let (gone, kept) = (begin(true), begin(false));
    assert_eq!(mock.transactions().len(), 1);
    gone.run(late);
    kept.run(late);
    let late = mock.transaction("late");
    assert_eq!(mock.transactions().len(), 2);
    assert_eq!(late.trace_id, mock.transaction("begin").trace_id);
    assert!(late.sampling.tail);
}
