//! Panics, wherever they happen.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use monitor_runtime::record::{EventKind, Mechanism};
use monitor_runtime::{Config, Level, MockBackend, MockGuard, capture_errors, traced};

fn mock() -> MockGuard {
    MockBackend::install_with(Config::new().with_traces_sample_rate(1.0).with_capture_panics(true))
}

fn caught(f: impl FnOnce()) {
    assert!(catch_unwind(AssertUnwindSafe(f)).is_err());
}

#[inline(never)]
fn divide(by: u32) -> u32 {
    assert_ne!(by, 0, "by zero");
    10 / by
}

#[traced]
#[capture_errors(panics)]
fn inner() {
    divide(0);
}

#[traced]
#[capture_errors(panics)]
fn outer() {
    inner();
}

#[traced]
fn plain() {
    divide(0);
}

#[test]
fn one_outside_of_annotated_functions_says_thread_place_and_calls() {
    let mock = mock();
    let context = mock.context();
    let thread = std::thread::Builder::new().name("worker-7".to_owned());
    let thread = thread.spawn(move || context.run(|| divide(0))).unwrap();
    assert!(thread.join().is_err());
    let event = mock.event("by zero");
    assert_eq!((event.kind, event.level), (EventKind::Panic, Level::Fatal));
    let Mechanism { kind, handled, .. } = event.mechanism;
    assert_eq!((kind, handled), ("panic", false));
    let fact = |key| event.context_value("panic", key).unwrap().as_str().unwrap().to_owned();
    assert_eq!(fact("thread"), "worker-7");
    assert!(fact("location").contains("panics.rs:"), "{}", fact("location"));
    let frames = &event.exceptions[0].frames;
    assert!(frames[0].function.contains("divide"), "{frames:#?}");
    assert!(frames[0].in_app && frames[0].file.as_deref().unwrap().ends_with("panics.rs"));
}

#[test]
fn one_inside_of_a_span_belongs_to_its_trace() {
    let mock = mock();
    caught(plain);
    let event = mock.event("by zero");
    assert_eq!(event.trace_id, mock.transaction("plain").trace_id);
    assert_eq!(event.path[0].function, "plain");
}

#[test]
fn none_is_captured_twice() {
    let mock = mock();
    caught(outer);
    let event = mock.event("by zero");
    assert_eq!(event.path[0].function, "inner");
    assert!(event.exceptions[0].frames[0].function.contains("divide"));
    assert_eq!(mock.events().len(), 1);
    // On its way again, without a hook.
    let payload = catch_unwind(AssertUnwindSafe(plain)).unwrap_err();
    caught(|| inner_resumed(payload));
    assert_eq!(mock.events().len(), 2);
}

#[traced]
#[capture_errors(panics)]
fn inner_resumed(payload: Box<dyn std::any::Any + Send>) {
    resume_unwind(payload);
}

#[test]
fn each_panic_is_captured_anew() {
    let mock = mock();
    for _ in 0..3 {
        caught(inner);
        caught(|| {
            let _ = divide(0);
        });
    }
    assert_eq!(mock.events().len(), 6);
}

#[test]
fn without_the_setting_only_annotated_functions_capture() {
    let mock = MockBackend::install();
    caught(|| {
        let _ = divide(0);
    });
    caught(plain);
    mock.assert_no_events();
    caught(inner);
    assert_eq!(mock.events().len(), 1);
}
