//! Rules that drop what nobody needs to see.

use std::fmt;

use monitor_runtime::{
    Config, Filter, Level, MockBackend, MockGuard, capture_errors, capture_message, filters, traced,
};

use crate::failure::fail;

fn with(filters: impl IntoIterator<Item = Filter>) -> MockGuard {
    MockBackend::install_with(Config::new().with_traces_sample_rate(1.0).with_filters(filters))
}

fn dropped(mock: &MockBackend) -> u64 {
    assert!(monitor_runtime::flush(std::time::Duration::from_secs(10)));
    mock.loss().filtered_events
}

macro_rules! errors {
    ($($name:ident: $fails:ident;)*) => {$(
        #[derive(Debug)]
        struct $name;
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("as expected")
            }
        }
        impl std::error::Error for $name {}
        #[capture_errors]
        fn $fails() -> Result<(), $name> {
            Err($name)
        }
    )*};
}

errors! {
    ValidationError: validate;
    RetryAfter: retry_after;
    TimedOut: time_out;
    NetworkError: connect;
    BadArgument: without_a_module_of_commands;
}

mod commands {
    use super::fmt;
    errors! { BadArgument: parse; }
    pub(super) fn run() {
        assert!(parse().is_err());
    }
    use monitor_runtime::capture_errors;
}

#[derive(Debug)]
struct Wrapped(TimedOut);

impl fmt::Display for Wrapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no update")
    }
}

impl std::error::Error for Wrapped {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[capture_errors]
fn update() -> Result<(), Wrapped> {
    Err(Wrapped(TimedOut))
}

#[test]
fn the_expected_noise_of_services_is_dropped() {
    let mock = with(filters::http());
    assert!(validate().is_err());
    capture_message("Rate Limit exceeded", Level::Warning);
    assert!(fail("upstream: RATE LIMIT of 10/s").is_err());
    mock.assert_no_events();
    assert_eq!(dropped(&mock), 3);
    assert!(fail("the rate of limits").is_err());
    assert_eq!(mock.events().len(), 1);
}

#[test]
fn the_expected_noise_of_discord_bots_is_dropped() {
    let mock = with(filters::discord());
    commands::run();
    capture_message("hit a rate limit", Level::Warning);
    mock.assert_no_events();
    assert_eq!(dropped(&mock), 2);
    assert!(without_a_module_of_commands().is_err());
    mock.event("BadArgument");
}

#[test]
fn the_expected_noise_of_telegram_bots_is_dropped() {
    let mock = with(filters::telegram());
    assert!(retry_after().is_err() && time_out().is_err() && connect().is_err());
    for text in [
        "Forbidden: bot was blocked by the user",
        "Bad Request: chat not found",
        "Bad Request: message is not modified: content is the same",
    ] {
        assert!(fail(text).is_err());
    }
    mock.assert_no_events();
    assert_eq!(dropped(&mock), 6);
}

#[test]
fn a_source_of_the_type_counts() {
    let mock = with([Filter::type_name("TimedOut")]);
    assert!(update().is_err());
    mock.assert_no_events();
}

#[test]
fn all_conditions_of_a_rule_must_hold() {
    let rule = Filter::message("quota").with_level(Level::Warning).with_type("");
    let mock = with([rule, Filter::default()]);
    capture_message("quota of a", Level::Info);
    capture_message("quota of b", Level::Warning);
    capture_message("quota of c", Level::Error);
    capture_message("limits", Level::Info);
    let titles: Vec<_> = mock.events().iter().map(|event| event.title()).collect();
    assert_eq!(titles, ["quota of c", "limits"]);
}

#[traced(op = "healthcheck")]
fn health() {
    step();
    assert!(fail("unhealthy").is_err());
}

#[traced]
fn step() {}

#[test]
fn an_op_is_dropped_with_its_transaction() {
    let mock = with([Filter::op("healthcheck"), Filter::op("function").with_message("x")]);
    health();
    step();
    assert_eq!(mock.transactions().len(), 1);
    assert_eq!(mock.transaction("step").spans.len(), 1);
    mock.assert_no_events();
    assert_eq!(dropped(&mock), 1);
    let loss = mock.loss();
    assert_eq!((loss.filtered_transactions, loss.filtered_spans), (1, 2));
}
