//! An annotated function is the function itself: its values, its size, its place.

use std::mem::size_of_val;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use no_backend::{Opaque, annotated, plain};

fn run<F: Future>(future: F) -> (F::Output, u32) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = 0;
    loop {
        polls += 1;
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return (output, polls);
        }
    }
}

#[test]
fn values_are_the_same() {
    assert_eq!(annotated::double(4), plain::double(4));
    for first in [0, 1] {
        let opaque = || Opaque([first, 2, 3, 4, 5]);
        let values = [annotated::consume(opaque()), plain::consume(opaque())];
        let [ours, theirs] = values.map(|value| value.map_err(|opaque| opaque.0));
        assert_eq!(ours, theirs);
    }
    for rows in [vec![], vec![7, 8]] {
        let (ours, our_polls) = run(annotated::load(rows.clone()));
        let (theirs, their_polls) = run(plain::load(rows));
        assert_eq!(ours.ok(), theirs.ok());
        assert_eq!(our_polls, their_polls);
    }
    assert_eq!(run(annotated::ask("why?")).0.ok(), run(plain::ask("why?")).0.ok());
}

/// A wrapper around the future, or a value kept for the end, would make it larger.
#[test]
fn futures_have_the_same_size() {
    assert_eq!(size_of_val(&annotated::load(vec![])), size_of_val(&plain::load(vec![])));
    assert_eq!(size_of_val(&annotated::ask("")), size_of_val(&plain::ask("")));
}

/// A body that was moved into a closure would be a place inside the function.
#[test]
fn the_callers_place_is_not_hidden() {
    let (ours, theirs) = (annotated::caller(), plain::caller());
    let (ours, theirs) = (ours.unwrap(), theirs.unwrap());
    assert_eq!(ours.file(), file!());
    assert_eq!(ours.line(), theirs.line());
}

/// A future is made of nothing but the function's own body.
#[test]
fn futures_have_the_name_of_their_function() {
    let name = |name: &str| name.replace("annotated", "plain");
    let ours = std::any::type_name_of_val(&annotated::load(vec![]));
    let theirs = std::any::type_name_of_val(&plain::load(vec![]));
    assert_eq!(name(ours), theirs);
}

/// Everything else of the public surface is there and does nothing.
#[test]
fn calls_by_hand_do_nothing() {
    use monitor_runtime::{Breadcrumb, Config, Level};

    let guard = monitor_runtime::init(Config::new()).unwrap();
    assert!(!guard.is_enabled() && !monitor_runtime::is_enabled());
    monitor_runtime::add_breadcrumb(Breadcrumb::new("test", "ignored"));
    monitor_runtime::set_tag("tag", 1);
    monitor_runtime::current_span().set("rows", 1);
    assert_eq!(monitor_runtime::capture_message("ignored", Level::Info), None);
    assert_eq!(monitor_runtime::current_span().trace_id(), None);
}

#[test]
fn health_checks_run() {
    let registry = monitor_runtime::HealthRegistry::new().with(no_backend::database::check());
    let report = registry.run_blocking();
    assert_eq!((report.status_code(), report.checks[0].name.as_ref()), (200, "database"));
}
