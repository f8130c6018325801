//! How long functions take, and whether that is as it used to be.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use monitor_runtime::record::{Event, Span};
use monitor_runtime::{
    Baselines, Config, Level, MockBackend, MockGuard, PerformanceTier, TailSampling, Value,
    latencies, latency, recent_latency, testing, traced,
};

const MINUTE: Duration = Duration::from_secs(60);

fn install() -> MockGuard {
    MockBackend::install_with(Config::new().with_baselines(Baselines::new()))
}

/// The function that takes so many milliseconds, called in this way for some minutes.
fn minutes(count: u32, call: fn(u64), millis: impl Fn(u64) -> u64) {
    for _ in 0..count {
        let begun: u64 = (0..30).map(&millis).sum();
        (0..30).for_each(|number| call(millis(number)));
        testing::advance(MINUTE.saturating_sub(Duration::from_millis(begun)));
    }
}

/// From 100 to 390 ms: a machine that stalls for a moment doesn't matter.
fn usual(number: u64) -> u64 {
    100 + 10 * number
}

fn anomalies(mock: &MockBackend) -> Vec<Arc<Event>> {
    let is_anomaly = |event: &Arc<Event>| event.title().starts_with("Performance anomaly detected");
    mock.events().into_iter().filter(is_anomaly).collect()
}

fn millis(event: &Event, key: &str) -> f64 {
    event.context_value("performance_anomaly", key).and_then(Value::as_f64).unwrap()
}

#[traced(op = "app.work")]
fn measured(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[traced]
fn around(millis: u64) {
    measured(millis);
}

#[test]
fn the_latency_of_each_function_can_be_read() {
    let mock = install();
    (1..=200).for_each(|number| around(number * 20));
    let span = mock.spans().into_iter().find(|span| span.name() == "measured").unwrap();
    let by_name = latency("measured").unwrap();
    assert_eq!(by_name.count, 200);
    let mut exact: Vec<_> = mock.spans().into_iter().filter(|s| s.name() == "measured").collect();
    exact.sort_by_key(Span::duration);
    for (estimate, at) in [(by_name.p50, 99), (by_name.p95, 189), (by_name.p99, 197)] {
        let exact = exact[at].duration().as_secs_f64();
        let error = (estimate.as_secs_f64() / exact - 1.0).abs();
        assert!(error <= 1.0 / 32.0, "{estimate:?} for {exact} s");
    }
    assert_eq!(latency(span.callsite), Some(by_name));
    assert_eq!(latency(concat!(module_path!(), "::measured")), Some(by_name));
    assert_eq!(latency("nothing"), None);
    let mut names: Vec<_> = latencies().iter().map(|(site, _)| site.name()).collect();
    names.sort_unstable();
    assert_eq!(names, ["around", "measured"]);
}

#[traced]
fn unwatched() {}

#[test]
fn nothing_is_watched_unless_asked_for() {
    let mock = MockBackend::install();
    unwatched();
    assert_eq!(mock.transactions()[0].performance_tier, None);
    assert_eq!(latency("unwatched"), None);
    assert!(latencies().is_empty());
}

#[traced]
fn first() {}

#[traced]
fn second() {}

#[test]
fn functions_over_the_bound_are_not_watched() {
    let baselines = Baselines::new().with_max_functions(1);
    let mock = MockBackend::install_with(Config::new().with_baselines(baselines));
    first();
    monitor_runtime::flush(MINUTE);
    second();
    first();
    monitor_runtime::flush(MINUTE);
    assert_eq!(latency("first").unwrap().count, 2);
    assert_eq!(latency("second"), None);
    assert_eq!(mock.transactions().len(), 3, "they are recorded all the same");
}

#[traced(op = "app.work")]
fn slowed(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[test]
fn a_function_that_becomes_slow_is_reported_once_within_five_minutes() {
    let told = Arc::new(Mutex::new(Vec::new()));
    let hook = Arc::clone(&told);
    let config = Config::new().with_baselines(Baselines::new()).with_on_anomaly(move |anomaly| {
        hook.lock().unwrap().push((anomaly.callsite.name(), anomaly.tier));
    });
    let mock = MockBackend::install_with(config);
    minutes(30, slowed, usual);
    assert!(anomalies(&mock).is_empty());
    minutes(5, slowed, |number| 5 * usual(number));
    let reported = anomalies(&mock);
    assert_eq!(reported.len(), 1, "within five minutes, once");
    minutes(10, slowed, |number| 5 * usual(number));
    assert_eq!(anomalies(&mock).len(), 1, "it goes on");

    let event = &reported[0];
    assert_eq!(event.title(), "Performance anomaly detected: slowed");
    assert_eq!(event.level, Level::Warning);
    assert_eq!(event.op.as_deref(), Some("app.work"));
    assert_eq!(event.tag("performance_tier"), Some("critical"));
    assert!((4.0..6.0).contains(&millis(event, "factor")));
    assert!((1150.0..1400.0).contains(&millis(event, "p50_ms")));
    assert!((220.0..300.0).contains(&millis(event, "baseline_p50_ms")));
    assert!((360.0..450.0).contains(&millis(event, "baseline_p95_ms")));
    assert!((30.0..=60.0).contains(&millis(event, "count")));
    assert!(millis(event, "baseline_count") >= 600.0);
    assert!(recent_latency("slowed").unwrap().p50 > Duration::from_millis(1100));
    assert!(latency("slowed").unwrap().p50 < Duration::from_millis(400));
    // The slowest call of the minute is there to be looked at.
    let slowest = mock.transactions().into_iter().find(|t| t.trace_id == event.trace_id).unwrap();
    assert_eq!(Some(slowest.root().id), event.span_id);
    assert!(slowest.root().duration() >= Duration::from_millis(5 * 390));
    assert_eq!(*told.lock().unwrap(), [("slowed", PerformanceTier::Critical)]);
}

#[traced]
fn hiccuping(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[test]
fn neither_a_slow_minute_nor_a_slow_day_is_an_anomaly() {
    let mock = install();
    minutes(20, hiccuping, usual);
    minutes(1, hiccuping, |number| 8 * usual(number));
    // Three times as slow in the end, by 1.2 % a minute.
    for minute in 0..90 {
        minutes(1, hiccuping, |number| usual(number) * (1000 + 22 * minute) / 1000);
    }
    assert!(anomalies(&mock).is_empty(), "{:?}", anomalies(&mock));
    // What comes on top of it is one.
    minutes(5, hiccuping, |number| usual(number) * 8);
    assert_eq!(anomalies(&mock).len(), 1);
}

#[traced]
fn settled(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[test]
fn what_stays_slow_for_an_hour_is_usual_then() {
    let mock = install();
    minutes(12, settled, usual);
    minutes(75, settled, |number| usual(number) * 3);
    assert_eq!(anomalies(&mock).len(), 1);
    settled(3 * 250);
    let last = mock.transactions().pop().unwrap();
    assert!(last.performance_tier.unwrap() <= PerformanceTier::Normal);
    minutes(5, settled, |number| usual(number) * 8);
    assert_eq!(anomalies(&mock).len(), 2, "what comes on top of it");
}

#[traced]
fn tiered(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[test]
fn a_transaction_says_how_it_did_beside_the_others() {
    let mock = install();
    minutes(12, tiered, usual);
    assert_eq!(mock.transactions()[0].performance_tier, None, "nothing is known yet");
    mock.clear();
    for duration in [120, 320, 1000, 4000] {
        tiered(duration);
    }
    let of_one = mock.transactions().into_iter().map(|t| t.performance_tier.unwrap().as_str());
    assert_eq!(of_one.collect::<Vec<_>>(), ["fast", "normal", "slow", "critical"]);
}

#[traced(op = "db.query")]
fn query(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[traced(op = "http.client")]
fn no_query(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[test]
fn a_database_whose_p95_is_over_two_seconds_is_reported_once() {
    let mock = install();
    let slow = |number| if number < 3 { 2500 } else { 200 };
    minutes(5, query, |number| if number < 3 { 1500 } else { 200 });
    minutes(6, no_query, slow);
    mock.assert_no_events();
    minutes(6, query, slow);
    let events = mock.events();
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(events[0].title(), "Database p95 over 2s: query");
    assert_eq!(events[0].level, Level::Warning);
    let value = |key| events[0].context_value("database_latency", key).unwrap().as_f64().unwrap();
    assert_eq!(value("limit_ms"), 2000.0);
    assert!((2400.0..=3000.0).contains(&value("p95_ms")), "{}", value("p95_ms"));
    assert!(value("p50_ms") < 1000.0);
}

#[traced]
fn not_kept(millis: u64) {
    testing::advance(Duration::from_millis(millis));
}

#[test]
fn tail_sampling_lets_all_calls_count() {
    let config = Config::new().with_traces_sample_rate(0.0).with_baselines(Baselines::new());
    let mock = MockBackend::install_with(config.with_tail_sampling(TailSampling::new()));
    (0..10).for_each(not_kept);
    assert!(mock.transactions().is_empty());
    assert_eq!(latency("not_kept").unwrap().count, 10);
}
