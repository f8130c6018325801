//! Users who do something too often.

use std::time::Duration;

use monitor_runtime::{Level, MockBackend, Value, rate_limit_exceeded};

#[test]
fn the_warning_says_who_where_and_how_often() {
    let mock = MockBackend::install();
    rate_limit_exceeded(42, "/v1/chat", 100, Duration::from_secs(60)).unwrap();
    let event = mock.event("Rate limit exceeded");
    assert_eq!(event.level, Level::Warning);
    let context = event.context("rate_limit").unwrap();
    let expected: Vec<(_, Value)> = vec![
        ("userId".into(), "42".into()),
        ("endpoint".into(), "/v1/chat".into()),
        ("limit".into(), 100_u64.into()),
        ("window".into(), 60_u64.into()),
    ];
    assert_eq!(*context, expected);
}

#[test]
fn parts_of_a_second_stay() {
    let mock = MockBackend::install();
    rate_limit_exceeded("ada", "/search", 1, Duration::from_millis(1500));
    let event = mock.event("Rate limit exceeded");
    assert_eq!(event.context_value("rate_limit", "window"), Some(&Value::F64(1.5)));
}

#[test]
fn where_nothing_is_recorded_nothing_happens() {
    assert_eq!(rate_limit_exceeded(1, "/", 1, Duration::from_secs(1)), None);
}
