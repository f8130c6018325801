//! Bounds: what is over one is cut or counted, never lost silently.

use monitor_runtime::{Config, MockBackend, Value, capture_errors, traced};

#[traced(fields(text, shown = %text))]
fn records(text: &str) {
    let _ = text;
}

#[test]
fn long_texts_are_cut_at_a_character() {
    let mock = MockBackend::install();
    records(&"ü".repeat(5000));
    let span = mock.span("records");
    for key in ["text", "shown"] {
        assert_eq!(span.attribute(key), Some(&Value::from("ü".repeat(512))), "{key}");
    }
}

#[test]
fn the_length_is_a_setting() {
    let config = Config::new().with_max_value_length(10).with_traces_sample_rate(1.0);
    let mock = MockBackend::install_with(config);
    records("abcdefghijklmnop");
    assert_eq!(mock.span("records").attribute("text"), Some(&"abcdefghij".into()));
}

struct Endless;

impl std::fmt::Display for Endless {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        loop {
            f.write_str("and so on ")?;
        }
    }
}

#[capture_errors]
fn endless() -> Result<(), Endless> {
    Err(Endless)
}

#[test]
fn an_endless_error_text_ends_at_the_bound() {
    let mock = MockBackend::install();
    assert!(endless().is_err());
    assert_eq!(mock.event("and so on").exceptions[0].value.len(), 8192);
}

#[traced]
fn leaf() {}

#[traced]
fn many(count: usize) {
    for _ in 0..count {
        leaf();
    }
}

#[test]
fn a_transaction_holds_100_000_spans_and_says_how_many_more_there_were() {
    let mock = MockBackend::install();
    many(100_500);
    let transaction = mock.transaction("many");
    assert_eq!(transaction.spans.len() as u64 + transaction.dropped_spans, 100_501);
    assert_eq!(transaction.dropped_spans, 500);
    // Losses are reported with the pass after.
    assert!(monitor_runtime::flush(std::time::Duration::from_secs(10)));
    assert_eq!(mock.loss().over_span_limit, 500);
}

#[test]
fn threads_that_come_and_go_lose_nothing() {
    let mock = MockBackend::install();
    for _ in 0..50 {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let context = mock.context();
                std::thread::spawn(move || context.run(|| many(3)))
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
    assert_eq!(mock.transactions().len(), 400);
    assert_eq!(mock.spans().len(), 1600);
    mock.assert_no_loss();
}
