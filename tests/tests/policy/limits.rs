//! How much is reported a minute.

use std::fmt;
use std::time::Duration;

use monitor_runtime::{
    Config, Level, Loss, MockBackend, MockGuard, capture_errors, capture_message, slow_threshold,
    testing, traced,
};

use crate::failure::{Failure, fail};

const MINUTE: Duration = Duration::from_secs(60);

fn with(change: impl FnOnce(Config) -> Config) -> MockGuard {
    MockBackend::install_with(change(Config::new().with_traces_sample_rate(1.0)))
}

fn loss(mock: &MockBackend) -> Loss {
    assert!(monitor_runtime::flush(Duration::from_secs(10)));
    mock.loss()
}

#[test]
fn a_function_that_fails_in_a_loop_reports_a_bounded_number() {
    let mock = with(|config| config);
    for _ in 0..1_000_000 {
        assert!(fail("again").is_err());
    }
    // On a slow machine the loop may touch a second minute.
    let events = mock.events().len() as u64;
    assert!((30..=60).contains(&events), "{events}");
    assert_eq!(loss(&mock).limited_events + events, 1_000_000);

    testing::advance(MINUTE);
    assert!(fail("again").is_err());
    let last = mock.events().pop().unwrap();
    assert_eq!(last.suppressed + events, 1_000_000, "it says what was left out before it");
    assert!(fail("again").is_err());
    assert_eq!(mock.events().pop().unwrap().suppressed, 0);
}

#[test]
fn tests_have_limits_of_their_own() {
    for _ in 0..3 {
        let mock = with(|config| config);
        for _ in 0..20 {
            assert!(fail("each").is_err());
        }
        assert_eq!(mock.events().len(), 20);
        assert_eq!(loss(&mock).limited_events, 0);
    }
}

#[test]
fn the_limits_are_settings() {
    let unlimited = |config: Config| {
        config.with_max_events_per_callsite(u32::MAX).with_max_events_per_fingerprint(u32::MAX)
    };
    let mock = with(unlimited);
    for _ in 0..500 {
        assert!(fail("again").is_err());
    }
    assert_eq!(mock.events().len(), 500);
    drop(mock);

    let mock = with(|config| unlimited(config).with_max_events_per_callsite(7));
    for _ in 0..500 {
        assert!(fail("again").is_err());
    }
    assert_eq!(mock.events().len(), 7);
    assert_eq!(loss(&mock).limited_events, 493);
}

#[test]
fn each_fingerprint_has_a_share() {
    let mock = with(|config| config);
    for _ in 0..50 {
        capture_message("one", Level::Info);
        capture_message("other", Level::Info);
    }
    assert_eq!(mock.events().len(), 60);
    assert_eq!(loss(&mock).limited_events, 40);
    testing::advance(MINUTE);
    capture_message("one", Level::Info);
    assert_eq!(mock.events().pop().unwrap().suppressed, 20);
}

#[derive(Debug)]
struct Wrapped(Failure);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrapped")
    }
}

impl std::error::Error for Wrapped {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[traced]
#[capture_errors]
fn outer() -> Result<(), Wrapped> {
    fail("inner").map_err(Wrapped)
}

#[traced]
#[capture_errors]
fn passes_on() -> Result<(), Failure> {
    fail("inner")
}

#[traced]
#[capture_errors]
fn fails_otherwise() -> Result<(), String> {
    let _ = fail("inner");
    Err("its own".to_owned())
}

#[test]
fn what_is_left_out_inside_is_no_other_event_outside() {
    let mock = with(|config| config.with_max_events_per_callsite(5));
    for _ in 0..20 {
        assert!(outer().is_err() && passes_on().is_err());
    }
    assert_eq!(mock.events().len(), 5);
    assert!(mock.events().iter().all(|event| event.title() == "Failure: inner"));
    // Another error isn't mistaken for it.
    assert!(fails_otherwise().is_err());
    assert_eq!(mock.events().pop().unwrap().title(), "String: its own");
}

#[traced]
#[slow_threshold(ms = 10)]
fn crawls() {
    testing::advance(Duration::from_millis(20));
}

#[capture_errors(panics)]
#[traced]
fn panics() {
    panic!("as the test wants");
}

#[test]
fn slow_calls_and_panics_have_a_share() {
    let mock = with(|config| config.with_max_events_per_callsite(5));
    for _ in 0..20 {
        crawls();
        assert!(std::panic::catch_unwind(panics).is_err());
    }
    assert_eq!(mock.events().len(), 10);
    assert_eq!(mock.transactions().len(), 40, "spans have no share");
    assert_eq!(loss(&mock).limited_events, 30);
}

#[test]
fn all_events_and_all_transactions_have_a_budget() {
    let mock =
        with(|config| config.with_max_events_per_minute(10).with_max_transactions_per_minute(3));
    for number in 0..20 {
        capture_message(number.to_string(), Level::Info);
        crawls();
    }
    assert_eq!(mock.events().len(), 10);
    assert_eq!(mock.transactions().len(), 3);
    let loss = loss(&mock);
    assert_eq!((loss.limited_events, loss.limited_transactions), (30, 17));
    assert_eq!(loss.limited_spans, 17);
    testing::advance(MINUTE);
    capture_message("next minute", Level::Info);
    crawls();
    assert_eq!((mock.events().len(), mock.transactions().len()), (12, 4));
    // Five were sent before the budget ran out.
    assert_eq!(mock.events().pop().unwrap().suppressed, 15, "it says what was left out before it");
}
