//! Errors that have something to do with each other.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use monitor_runtime::record::Event;
use monitor_runtime::{
    Config, Level, MockBackend, Pattern, User, Value, capture_message, set_correlation_id, set_tag,
    set_user, testing, traced, with_scope,
};

use crate::failure::fail;

/// Title, score and what is shared, of each related event.
fn related(event: &Event) -> Vec<(String, u64, String)> {
    let Some(Value::List(events)) = event.context_value("related_events", "events") else {
        return Vec::new();
    };
    let fields = |value: &Value| match value {
        Value::Map(fields) => fields.clone(),
        other => panic!("{other:?}"),
    };
    let one = |value: &Value| {
        let fields = fields(value);
        let get = |key: &str| fields.iter().find(|(k, _)| k == key).unwrap().1.clone();
        let text = |key: &str| get(key).as_str().unwrap().to_owned();
        (text("title"), get("score").as_u64().unwrap(), text("shares"))
    };
    events.iter().map(one).collect()
}

fn count(event: &Event) -> u64 {
    event.context_value("related_events", "count").and_then(Value::as_u64).unwrap_or(0)
}

/// An error in a trace of its own.
fn alone(text: &str) {
    // Each text is a fingerprint of its own: the place is the same for all.
    assert!(fail(text).is_err());
}

fn install() -> monitor_runtime::MockGuard {
    let config = Config::new()
        .with_traces_sample_rate(1.0)
        .with_max_events_per_callsite(u32::MAX)
        .with_max_events_per_fingerprint(u32::MAX)
        .with_before_send(|mut event| {
            event.fingerprint = vec![event.title().into()];
            Some(event)
        });
    MockBackend::install_with(config)
}

#[traced]
fn request() {
    alone("first");
    alone("second");
}

#[test]
fn errors_of_one_trace_user_or_correlation_are_related() {
    let mock = install();
    with_scope(request);
    with_scope(|| {
        set_user(User::new(7));
        alone("by user");
    });
    with_scope(|| {
        set_user(User::new(7));
        set_correlation_id("batch-1");
        set_tag("command.name", "import");
        alone("of user and batch");
    });
    with_scope(|| {
        set_user(User::new(8));
        set_correlation_id("batch-1");
        set_tag("command.name", "import");
        alone("by batch");
    });
    with_scope(|| {
        set_tag("command.name", "import");
        alone("by nothing but the command");
    });
    capture_message("no error", Level::Info);

    let of = |title: &str| related(&mock.event(title));
    assert_eq!(of("Failure: first"), [], "never to itself");
    assert_eq!(of("Failure: second"), [("Failure: first".into(), 4, "trace, command".into())]);
    assert_eq!(of("Failure: by user"), []);
    let by_user = ("Failure: by user".into(), 2, "user".into());
    assert_eq!(of("Failure: of user and batch"), [by_user]);
    let by_batch = ("Failure: of user and batch".into(), 5, "correlation_id, command".into());
    assert_eq!(of("Failure: by batch"), [by_batch]);
    assert_eq!(of("Failure: by nothing"), []);
    assert_eq!(of("no error"), []);
}

#[test]
fn a_hundred_errors_are_remembered_for_five_minutes() {
    let mock = install();
    for _ in 0..150 {
        alone("again");
    }
    let events = mock.events();
    assert_eq!(count(&events[99]), 99);
    assert_eq!(count(&events[149]), 100);
    let named = related(&events[149]);
    assert_eq!(named.len(), 5);
    assert_eq!(named[0], ("Failure: again".into(), 2, "fingerprint".into()));

    testing::advance(Duration::from_secs(299));
    alone("again");
    assert_eq!(count(&mock.events()[150]), 100);
    testing::advance(Duration::from_secs(299));
    alone("again");
    assert_eq!(count(&mock.events()[151]), 1, "the one of before");
    testing::advance(Duration::from_secs(301));
    alone("again");
    assert_eq!(count(&mock.events()[152]), 0);
}

#[test]
fn a_pattern_is_told_each_time_that_so_many_have_come() {
    let told: Arc<Mutex<Vec<Pattern>>> = Arc::default();
    let tell = Arc::clone(&told);
    let config = Config::new().with_traces_sample_rate(1.0).with_on_pattern(5, move |pattern| {
        tell.lock().unwrap().push(pattern.clone());
        panic!("as the test wants");
    });
    let mock = MockBackend::install_with(config);
    for user in 0..12 {
        set_user(User::new(user % 3));
        testing::advance(Duration::from_secs(1));
        alone("again");
    }
    set_user(None);
    assert_eq!(mock.events().len(), 12, "a hook that panics loses nothing");
    let told = told.lock().unwrap();
    let seen: Vec<_> = told.iter().map(|p| (p.title.as_str(), p.events, p.users)).collect();
    assert_eq!(seen, [("Failure: again", 5, 3), ("Failure: again", 10, 3)]);
    let near = |over: Duration, seconds: u64| over.as_secs().abs_diff(seconds) <= 1;
    assert!(near(told[0].over, 4) && near(told[1].over, 9), "{told:?}");
}
