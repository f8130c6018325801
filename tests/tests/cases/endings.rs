//! `main` returns, or doesn't.

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Duration;

use monitor_runtime::{Config, SentryBackend, SentryOptions, span};
use monitor_tests::Reply;

use crate::{Case, fail, monitored};

pub(crate) fn cases() -> Vec<Case> {
    vec![
        Case::new("main_returns", main_returns, (1, 1)),
        Case::new("main_panics", main_panics, (1, 1)).with_code(101),
        Case::new("exit_delivers", exit_delivers, (1, 1)).with_code(3),
        Case::new("process_exit_after_a_flush", process_exit_after_a_flush, (1, 1)).with_code(3),
        Case::new("the_guard_is_leaked", the_guard_is_leaked, (1, 1)),
        Case::new("shutdown_twice", shutdown_twice, (1, 1)),
        Case::new("shutdown_inside_tokio", shutdown_inside_tokio, (1, 1)),
        Case::new("set_up_twice", set_up_twice, (2, 2)),
        // What is sent arrives, but isn't answered: only the first request is made.
        Case::new("the_server_hangs", main_returns, (1, 0)).with_reply(Reply::Hang),
        Case::new("exit_while_the_server_hangs", exit_delivers, (1, 0))
            .with_code(3)
            .with_reply(Reply::Hang),
        Case::new("what_the_end_leaves_is_counted", what_the_end_leaves_is_counted, (1, 0))
            .with_reply(Reply::Hang)
            .that_says(&[]),
        Case::new("what_had_no_room_in_the_queue_is_counted", what_had_no_room_is_counted, (1, 0))
            .with_reply(Reply::Hang),
        Case::new("what_waits_below_a_forgotten_root_is_counted", the_root_is_forgotten, (0, 0))
            .that_says(&[]),
        Case::new("the_server_drips", main_returns, (1, 0)).with_reply(Reply::Trickle),
    ]
}

fn main_returns() -> ExitCode {
    let _guard = monitored();
    let _ = fail();
    ExitCode::SUCCESS
}

fn main_panics() -> ExitCode {
    let _guard = monitored();
    let _ = fail();
    panic!("at the end of main");
}

fn what_the_end_leaves_is_counted() -> ExitCode {
    const CALLS: u64 = 50;
    let config = Config::from_env().expect("a valid environment").with_traces_sample_rate(1.0);
    let config = config.with_max_events_per_callsite(10);
    let guard = monitor_runtime::init(config).expect("a valid config");
    for _ in 0..CALLS {
        let _ = fail();
    }
    drop(guard);
    let delivery = monitor_runtime::delivery();
    for category in ["error", "transaction", "span"] {
        assert_eq!(delivery.dropped(category), CALLS, "{category}: {delivery}");
    }
    assert_eq!(delivery.count("error", "ratelimit_backoff"), CALLS - 10, "{delivery}");
    assert_eq!(delivery.count("transaction", "shutdown"), CALLS, "{delivery}");
    ExitCode::SUCCESS
}

fn the_root_is_forgotten() -> ExitCode {
    const CALLS: u64 = 50;
    let config = Config::from_env().expect("a valid environment").with_traces_sample_rate(1.0);
    let guard = monitor_runtime::init(config).expect("a valid config");
    std::mem::forget(span!("app.root", "forgotten"));
    for _ in 0..CALLS {
        drop(span!("app.step", "step"));
    }
    drop(guard);
    let delivery = monitor_runtime::delivery();
    assert_eq!(delivery.count("span", "shutdown"), CALLS, "{delivery}");
    ExitCode::SUCCESS
}

/// The collector waits for room when the end comes, and has more before it.
fn what_had_no_room_is_counted() -> ExitCode {
    const CALLS: u64 = 500;
    let mut options = SentryOptions::new(std::env::var("SENTRY_DSN").expect("the case has one"));
    options.transport_channel_capacity = NonZeroUsize::MIN;
    let config = Config::new()
        .with_traces_sample_rate(1.0)
        .with_max_events_per_callsite(u32::MAX)
        .with_max_events_per_fingerprint(u32::MAX)
        .with_backend(SentryBackend::new(options).expect("valid options"));
    let guard = monitor_runtime::init(config).expect("a valid config");
    for _ in 0..CALLS {
        let _ = fail();
    }
    drop(guard);
    let delivery = monitor_runtime::delivery();
    for category in ["error", "transaction", "span"] {
        assert_eq!(delivery.dropped(category), CALLS, "{category}: {delivery}");
    }
    ExitCode::SUCCESS
}

fn exit_delivers() -> ExitCode {
    let _guard = monitored();
    let _ = fail();
    monitor_runtime::exit(3)
}

fn process_exit_after_a_flush() -> ExitCode {
    let _guard = monitored();
    let _ = fail();
    assert!(monitor_runtime::flush(Duration::from_secs(60)));
    std::process::exit(3)
}

fn the_guard_is_leaked() -> ExitCode {
    std::mem::forget(monitored());
    let _ = fail();
    assert!(monitor_runtime::flush(Duration::from_secs(60)));
    ExitCode::SUCCESS
}

fn shutdown_twice() -> ExitCode {
    let guard = monitored();
    let _ = fail();
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    for _ in 0..2 {
        assert!(runtime.block_on(monitor_runtime::shutdown(Duration::from_secs(60))));
    }
    drop(guard);
    let _ = fail();
    assert!(monitor_runtime::flush(Duration::from_secs(60)), "there is nothing to deliver");
    ExitCode::SUCCESS
}

fn shutdown_inside_tokio() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread().build().expect("a runtime");
    runtime.block_on(async {
        let guard = monitored();
        let _ = tokio::spawn(async { fail() }).await;
        drop(guard);
    });
    ExitCode::SUCCESS
}

fn set_up_twice() -> ExitCode {
    let _first = monitored();
    let _ = fail();
    let _second = monitored();
    let _ = fail();
    ExitCode::SUCCESS
}
