//! Secrets in every place of every signal: none is in a byte that leaves.

use std::fmt;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use monitor_runtime::{
    Breadcrumb, Config, Console, JsonLines, Level, MockBackend, User, Value, add_breadcrumb,
    capture_error, capture_errors, capture_message, count, current_span, gauge, metrics,
    set_context, set_correlation_id, set_tag, set_user, traced, with_scope,
};

use monitor_tests::Ingest;

const CANARIES: usize = 200;

/// Longer than the test takes: only one that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(60);

/// A secret, and a text that it is in.
struct Canary {
    secret: String,
    text: String,
    /// A secret that looks like nothing: only its name tells.
    plain: String,
}

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn word(&mut self, len: usize) -> String {
        const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789";
        let letter = |n: u64| char::from(LETTERS[usize::try_from(n).unwrap() % LETTERS.len()]);
        // No text by chance: a word begins with what no other has.
        format!("Q{}7x", (3..len).map(|_| letter(self.next())).collect::<String>())
    }

    fn card(&mut self) -> String {
        let mut digits: Vec<u64> =
            std::iter::once(4).chain((0..14).map(|_| self.next() % 10)).collect();
        let sum: u64 = digits
            .iter()
            .rev()
            .enumerate()
            .map(|(at, digit)| match at % 2 {
                0 => digit * 2 / 10 + digit * 2 % 10,
                _ => *digit,
            })
            .sum();
        digits.push((10 - sum % 10) % 10);
        digits.iter().map(u64::to_string).collect()
    }

    fn canary(&mut self, kind: usize) -> Canary {
        let word = self.word(36);
        let (secret, text) = match kind % 14 {
            0 => (word.clone(), format!("login with password={word} failed")),
            1 => (word.clone(), format!("{{\"client_secret\": \"{word}\", \"n\": 1}}")),
            2 => (word.clone(), format!("Config {{ api_key: \"{word}\", port: 1 }}")),
            3 => (word.clone(), format!("sent Authorization: Basic {word}\nHost: a")),
            4 => (word.clone(), format!("curl -H 'x: Bearer {word}'")),
            5 => (word.clone(), format!("at postgres://ada:{word}@db.internal:5432/shop")),
            6 => (word.clone(), format!("GET /a?access_token={word}&b=1")),
            7 => (word.clone(), format!("Cookie: a=1; sid={word}")),
            8 => (
                word.clone(),
                format!("-----BEGIN PRIVATE KEY-----\n{word}\n-----END PRIVATE KEY-----"),
            ),
            9 => (word.clone(), format!("clone with ghp_{word} please")),
            10 => (word.clone(), format!("eyJhbGciOiJIUzI1NiJ9.{word}.c2lnbmF0dXJl is stale")),
            11 => (word.clone(), format!("mail to {word}@example.org bounced")),
            12 => (word.clone(), format!("110201543:{word} is no bot")),
            _ => {
                let card = self.card();
                (card.clone(), format!("paid by {card} today"))
            }
        };
        Canary { secret, text, plain: self.word(24) }
    }
}

#[derive(Debug)]
struct Outer(Inner);
#[derive(Debug)]
struct Inner(String);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't do it: {}", self.0)
    }
}

impl fmt::Display for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Inner {}
impl std::error::Error for Outer {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[traced(
    op = "app.work",
    fields(text, password = plain),
    description = text,
    context(by_attribute(text)),
    tags(by_attribute = text)
)]
fn work(text: &str, plain: &str) {
    record(text, plain);
    describe(text, plain);
    let _ = (fails(text), debug_only(text), only_text(text));
    let _ = std::panic::catch_unwind(|| panics(text));
    capture_message(text.to_owned(), Level::Warning);
    capture_error(&Inner(text.to_owned()));
    measure(text, plain);
}

#[capture_errors(kind = database(operation = "select", table = "t", query = text))]
fn fails(text: &str) -> Result<(), Outer> {
    Err(Outer(Inner(text.to_owned())))
}

/// On the span.
fn record(text: &str, plain: &str) {
    let span = current_span();
    span.set_name(text);
    span.set("note", text);
    span.set_display("shown", text);
    span.set_debug("debug", text);
    span.set(text, "the name of a value");
    span.set("db.query.text", text);
    for key in ["password", "clientSecret", "X-Api-Key", "http.header.cookie"] {
        span.set(key, plain);
    }
}

/// In metrics.
fn measure(text: &str, plain: &str) {
    count!("canary", note = text, password = plain);
    gauge!("canary.gauge", 1, "X-Api-Key" = plain, shown = text);
    metrics::timing(text, Duration::from_millis(1), &[(text, "name".into())]);
}

/// On the scope.
fn describe(text: &str, plain: &str) {
    let map = |key: &str, value: &str| Value::Map(vec![(key.to_owned().into(), value.into())]);
    set_user(
        User::new(text)
            .with_username(text)
            .with_email(plain)
            .with_ip_address(plain)
            .with("about", text)
            .with("password", plain),
    );
    set_tag("tag", text);
    set_tag(text.to_owned(), "the name of a tag");
    set_tag("passwd", plain);
    set_context(
        "context",
        [("a", Value::from(text)), ("b", Value::List(vec![text.into(), map("c", text)]))],
    );
    set_context("nested", [("a", map("api_key", plain)), ("b", map(text, "c"))]);
    set_context(text.to_owned(), [("a", 1)]);
    set_context("credentials", [("a", plain)]);
    set_correlation_id(text);
    let breadcrumb = Breadcrumb::new(text.to_owned(), text.to_owned());
    add_breadcrumb(breadcrumb.with("a", text).with("b", map("c", text)).with("secret", plain));
    add_breadcrumb(Breadcrumb::new("db.query", text.to_owned()));
}

#[capture_errors]
fn debug_only(text: &str) -> Result<(), Vec<String>> {
    Err(vec![text.to_owned()])
}

#[capture_errors]
fn only_text(text: &str) -> Result<(), String> {
    Err(text.to_owned())
}

#[traced]
#[capture_errors(panics)]
fn panics(text: &str) {
    panic!("{text}");
}

/// Everything that is written to it.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn no_canary_leaves() {
    let (lines, console, mock) = (Sink::default(), Sink::default(), MockBackend::new());
    let in_hooks = Arc::new(Mutex::new(String::new()));
    let hook_text = Arc::clone(&in_hooks);
    let span_text = Arc::clone(&in_hooks);
    let ingest = Ingest::start();
    let config = Config::new()
        .with_dsn(ingest.dsn())
        .with_environment("test")
        .with_traces_sample_rate(1.0)
        .with_metrics(true)
        .with_backend(JsonLines::to_writer(lines.clone()))
        .with_backend(Console::to_writer(console.clone()))
        .with_backend(mock.clone())
        .with_max_events_per_callsite(u32::MAX)
        .with_max_events_per_fingerprint(u32::MAX)
        .with_before_send(move |mut event| {
            // What the other ways can't reach.
            let text = hook_text.lock().unwrap().clone();
            event.fingerprint = vec!["mine".into(), text.clone().into()];
            event.transaction = Some(text.clone().into());
            event.op = Some(text.into());
            Some(event)
        })
        .with_before_send_span(move |mut span| {
            let text = span_text.lock().unwrap().clone();
            span.description = Some(text.clone().into());
            span.op = text.into();
            Some(span)
        });
    let guard = monitor_runtime::init(config).expect("a valid config");
    let mut numbers = Numbers(7);
    let canaries: Vec<_> = (0..CANARIES).map(|kind| numbers.canary(kind)).collect();
    for canary in &canaries {
        in_hooks.lock().unwrap().clone_from(&canary.text);
        with_scope(|| work(&canary.text, &canary.plain));
        assert!(monitor_runtime::flush(PATIENCE));
    }
    let received = ingest.received();
    assert_eq!(mock.events().len(), 6 * CANARIES);
    assert_eq!(mock.transactions().len(), CANARIES);
    let metrics = mock.metrics_snapshot();
    assert!(metrics.contains("canary{"), "{metrics}");
    drop(guard);

    let mut left = vec![
        ("jsonl", lines.text()),
        ("console", console.text()),
        ("mock", mock.snapshot() + &metrics),
    ];
    let envelopes = received.iter().map(|received| format!("{:?}", received.envelope));
    left.extend(envelopes.map(|text| ("sentry", text)));
    for (where_, text) in &left {
        for (number, canary) in canaries.iter().enumerate() {
            for secret in [&canary.secret, &canary.plain] {
                let at = text.find(secret.as_str());
                let around =
                    at.map(|at| text.get(at.saturating_sub(200)..(at + 60).min(text.len())));
                assert_eq!(at, None, "canary {number} ({}) in {where_}: {around:?}", canary.text);
            }
        }
    }
    // What is no secret is still there.
    assert!(left.iter().all(|(_, text)| text.contains("[Filtered]") || text.len() < 2000));
    assert!(lines.text().contains("paid by [Filtered] today"));
}
