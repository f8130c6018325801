//! Secrets in every place of every signal: none is in a byte that leaves.

mod by_hand;
mod measured;
mod operations;
mod places;
mod secrets;
mod services;

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use monitor_runtime::{Config, Console, ContextGroups, JsonLines, MockBackend, with_scope};
use monitor_tests::{Ingest, Sink};

use secrets::{Numbers, Wanted};

const CANARIES: usize = 200;

/// Longer than the test takes: only one that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// What this crate says of itself.
struct Logged(Sink);

impl log::Log for Logged {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        writeln!(self.0.clone(), "{}: {}", record.target(), record.args()).unwrap();
    }

    fn flush(&self) {}
}

/// The canary whose turn it is, for what runs elsewhere.
type Turn = Arc<Mutex<(String, String)>>;

/// With everything that sees records, and everything that adds to them.
fn config(turn: &Turn, patterns: &Sink) -> Config {
    let [in_events, in_spans, in_provider] = [(); 3].map(|()| Arc::clone(turn));
    let patterns = Mutex::new(patterns.clone());
    Config::new()
        .with_environment("test")
        .with_traces_sample_rate(1.0)
        .with_metrics(true)
        .with_debug(true)
        .with_max_events_per_callsite(u32::MAX)
        .with_max_events_per_fingerprint(u32::MAX)
        .with_context_provider(move |groups: &mut ContextGroups| {
            let (text, plain) = in_provider.lock().unwrap().clone();
            groups.set("provided", [("a", text.clone()), ("password", plain)]);
            groups.set(text, [("a", 1)]);
        })
        .with_before_send(move |mut event| {
            // What the other ways can't reach.
            let (text, _) = in_events.lock().unwrap().clone();
            event.fingerprint = vec!["mine".into(), text.clone().into()];
            event.transaction = Some(text.clone().into());
            event.op = Some(text.into());
            Some(event)
        })
        .with_before_send_span(move |mut span| {
            let (text, _) = in_spans.lock().unwrap().clone();
            span.set_description(text.clone());
            span.set_op(text);
            Some(span)
        })
        .with_on_pattern(2, move |pattern| {
            writeln!(patterns.lock().unwrap(), "{pattern:?}").expect("in memory");
        })
}

#[test]
fn no_canary_leaves() {
    let [lines, console, patterns, logs] = [(); 4].map(|()| Sink::default());
    log::set_boxed_logger(Box::new(Logged(logs.clone()))).expect("the only logger");
    log::set_max_level(log::LevelFilter::Trace);
    // Of 400 panics nobody wants to see the backtraces.
    std::panic::set_hook(Box::new(|_| ()));
    let (mock, turn) = (MockBackend::new(), Turn::default());
    let ingest = Ingest::start();
    let config = config(&turn, &patterns)
        .with_dsn(ingest.dsn())
        .with_backend(JsonLines::to_writer(lines.clone()))
        .with_backend(Console::to_writer(console.clone()))
        .with_backend(mock.clone());
    let guard = monitor_runtime::init(config).expect("a valid config");
    let mut numbers = Numbers(7);
    let canaries: Vec<_> = (0..CANARIES).map(|kind| numbers.canary(kind)).collect();
    for canary in &canaries {
        *turn.lock().unwrap() = (canary.text.clone(), canary.plain.clone());
        with_scope(|| places::work(&canary.text, &canary.plain));
        assert!(monitor_runtime::flush(PATIENCE));
    }
    let received = ingest.received();
    assert_eq!(mock.events().len(), places::EVENTS * CANARIES, "{}", last_turn(&mock));
    let metrics = mock.metrics_snapshot();
    assert!(metrics.contains("canary{"), "{metrics}");
    drop((guard, std::panic::take_hook()));

    let mut left = vec![
        ("jsonl", lines.text()),
        ("console", console.text()),
        ("mock", format!("{:?} {:?}", mock.events(), mock.transactions())),
        ("expected errors", format!("{:?}", mock.expected_errors())),
        ("patterns", patterns.text()),
        ("logs", logs.text()),
        ("check-ins", format!("{:?}", mock.check_ins())),
        ("metrics", metrics),
        ("health", services::REPORTS.lock().unwrap().clone()),
    ];
    assert!(left.iter().all(|(_, text)| text.len() > 100), "each says something");
    let envelopes = received.iter().map(|received| format!("{:?}", received.envelope));
    left.extend(envelopes.map(|text| ("sentry", text)));
    let wanted = Wanted::new(&canaries);
    assert!(wanted.find(&format!("x{}", canaries[7].secret)).is_some(), "it finds them");
    for (place, text) in &left {
        if let Some((number, around)) = wanted.find(text) {
            panic!("canary {number} ({}) in {place}: {around}", canaries[number].text);
        }
    }
    // What is no secret is still there.
    assert!(lines.text().contains("paid by [Filtered] today"));
}

/// The titles of one turn, for who counts them.
fn last_turn(mock: &MockBackend) -> String {
    let events = mock.events();
    let titles = events.iter().rev().take(places::EVENTS + 5).map(|event| event.title());
    titles.collect::<Vec<_>>().join("\n")
}
