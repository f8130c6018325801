//! Which traces are recorded.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use monitor_runtime::{
    Config, ConfigError, Level, MockBackend, Sampler, capture_message, continue_trace,
    current_span, current_trace_headers, traced,
};

#[traced(op = "command")]
fn command() {}

#[traced(op = "command", name = "error")]
fn error_command() {}

#[traced(op = "task")]
fn task() {}

#[traced(op = "http.server")]
fn other() {}

#[traced(op = "http.server")]
fn parent() {
    error_command();
    command();
}

const UNSAMPLED: (&str, &str) =
    ("sentry-trace", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0");
const SAMPLED: (&str, &str) =
    ("sentry-trace", "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1");

/// The table of a bot that reports all errors, some commands and few tasks.
fn table() -> Sampler {
    Sampler::table().name("error", 1.0).op("command", 0.1).op("task", 0.01).default(0.1)
}

#[test]
fn a_table_gives_each_op_and_name_its_share() {
    const CALLS: u64 = 20_000;
    // Six standard deviations: one run in a billion is outside.
    for (run, expected, allowed) in [
        (error_command as fn(), 20_000, 0),
        (command, 2_000, 255),
        (task, 200, 85),
        (other, 2_000, 255),
    ] {
        let mock = MockBackend::install_with(Config::new().with_sampler(table()));
        for _ in 0..CALLS {
            run();
        }
        let sampled = mock.transactions().len() as u64;
        assert!(sampled.abs_diff(expected) <= allowed, "{sampled} of {CALLS}, not {expected}");
        assert_eq!(mock.loss().unsampled, CALLS - sampled);
        mock.assert_no_loss();
    }
}

#[test]
fn a_trace_is_decided_by_its_root_alone() {
    let sampler = Sampler::table().op("http.server", 0.0).default(1.0);
    let mock = MockBackend::install_with(Config::new().with_sampler(sampler));
    parent();
    assert!(mock.transactions().is_empty());
    let sampler = Sampler::table().op("http.server", 1.0).default(0.0);
    let mock = MockBackend::install_with(Config::new().with_sampler(sampler));
    parent();
    assert_eq!(mock.transaction("parent").spans.len(), 3);
}

#[test]
fn a_table_without_a_default_leaves_the_rest_to_the_rate() {
    let sampler = Sampler::table().op("command", 0.0);
    let config = Config::new().with_sampler(sampler).with_traces_sample_rate(1.0);
    let mock = MockBackend::install_with(config);
    command();
    task();
    assert_eq!(mock.transaction("task").sampling.rate, 1.0);
    assert_eq!(mock.transactions().len(), 1);
}

#[test]
fn what_a_trace_says_of_its_decision_is_what_decided() {
    let config = Config::new().with_sampler(Sampler::table().op("command", 0.5).default(1.0));
    let mock = MockBackend::install_with(config);
    for _ in 0..200 {
        command();
    }
    let transactions = mock.transactions();
    assert!((40..160).contains(&transactions.len()), "{}", transactions.len());
    for transaction in transactions {
        let sampling = transaction.sampling;
        assert_eq!(sampling.rate, 0.5);
        assert!(sampling.rand < 0.5);
        // Other services compare with the six digits that they get.
        assert_eq!(format!("{:.6}", sampling.rand).parse(), Ok(sampling.rand));
    }
}

#[traced(op = "command")]
fn reports() {
    capture_message("something happened", Level::Error);
}

#[test]
fn errors_are_kept_whatever_the_decision() {
    let mock = MockBackend::install_with(
        Config::new().with_sampler(Sampler::table().op("command", 0.0).default(1.0)),
    );
    reports();
    let event = mock.event("something happened");
    assert!(!event.sampled);
    assert_eq!(event.sampling.rate, 0.0);
    assert!(mock.transactions().is_empty());
    assert_eq!(mock.loss().unsampled, 1);
}

#[test]
fn the_caller_decides_before_the_table_and_the_rate() {
    let none = || Config::new().with_sampler(Sampler::table().default(0.0));
    let mock = MockBackend::install_with(none());
    continue_trace([SAMPLED]).run(command);
    assert_eq!(mock.transactions().len(), 1);
    continue_trace([UNSAMPLED]).run(command);
    assert_eq!(mock.transactions().len(), 1);
    let mock = MockBackend::install();
    continue_trace([UNSAMPLED]).run(command);
    assert!(mock.transactions().is_empty());
}

#[test]
fn a_function_decides_before_the_caller() {
    let config = Config::new().with_traces_sampler(|root| {
        assert_eq!((root.op, root.module), ("command", module_path!()));
        match (root.name, root.parent_sampled) {
            ("error", _) => 1.0,
            (_, Some(_)) => root.inherited_rate(),
            _ => 0.0,
        }
    });
    let mock = MockBackend::install_with(config);
    continue_trace([UNSAMPLED]).run(error_command);
    continue_trace([UNSAMPLED]).run(command);
    continue_trace([SAMPLED]).run(command);
    command();
    let names: Vec<_> = mock.transactions().iter().map(|t| t.root().name().to_string()).collect();
    assert_eq!(names, ["error", "command"]);
    assert_eq!(mock.loss().unsampled, 2);
}

#[traced(op = "command")]
fn headers() -> String {
    current_trace_headers().get("baggage").unwrap().to_owned()
}

#[test]
fn the_rate_of_a_function_is_what_events_and_other_services_are_told() {
    let config = Config::new().with_traces_sampler(|_| 0.75).with_traces_sample_rate(0.0);
    let _mock = MockBackend::install_with(config);
    for _ in 0..20 {
        let baggage = headers();
        assert!(baggage.contains("sentry-sample_rate=0.75,"), "{baggage}");
    }
}

#[test]
fn a_function_is_asked_once_a_root() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    let mock = MockBackend::install_with(Config::new().with_traces_sampler(|_| {
        ASKED.fetch_add(1, Ordering::Relaxed);
        1.0
    }));
    parent();
    other();
    assert_eq!(mock.transactions().len(), 2);
    assert_eq!(ASKED.load(Ordering::Relaxed), 2);
}

#[test]
fn a_function_may_use_what_it_decides_about() {
    let config = Config::new().with_traces_sampler(|_| {
        // Would ask about itself, and so on.
        command();
        1.0
    });
    let mock = MockBackend::install_with(config);
    other();
    assert_eq!(mock.transactions().len(), 1);
}

#[test]
fn a_function_that_panics_or_gives_no_rate_samples_nothing() {
    for bad in [f64::NAN, -1.0, 2.0] {
        let mock = MockBackend::install_with(Config::new().with_traces_sampler(move |_| bad));
        other();
        assert!(mock.transactions().is_empty(), "{bad}");
    }
    let mock = MockBackend::install_with(Config::new().with_traces_sampler(|_| panic!("sampler")));
    other();
    other();
    assert!(mock.transactions().is_empty());
    assert_eq!(mock.loss().unsampled, 2);
}

#[test]
fn a_function_sees_the_id_of_the_trace() {
    static SEEN: Mutex<Option<String>> = Mutex::new(None);
    let mock = MockBackend::install_with(Config::new().with_traces_sampler(|root| {
        *SEEN.lock().unwrap() = Some(root.trace_id.to_string());
        1.0
    }));
    #[traced]
    fn id() -> String {
        current_span().trace_id().unwrap().to_string()
    }
    let id = id();
    assert_eq!(SEEN.lock().unwrap().as_deref(), Some(id.as_str()));
    assert_eq!(mock.transaction("id").trace_id.to_string(), id);
}

#[test]
fn rates_that_are_none_are_refused() {
    let sampler = Sampler::table().op("command", 10.0).name("error", -0.5).default(f64::NAN);
    let error: ConfigError =
        monitor_runtime::init(Config::new().with_sampler(sampler)).unwrap_err();
    assert_eq!(error.problems().len(), 3, "{error}");
    assert!(error.to_string().contains("Op `command` is 10"), "{error}");
}
