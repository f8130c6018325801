//! Every place of every signal in which a program may put a text.

use std::fmt;

use monitor_runtime::{
    Breadcrumb, Context, Level, User, Value, add_breadcrumb, capture_error, capture_errors,
    capture_message, current_span, set_context, set_correlation_id, set_tag, set_user, traced,
};

use crate::{by_hand, measured, operations, services};

/// Events that one call of [`work`] makes.
pub(crate) const EVENTS: usize = 6 + operations::EVENTS + by_hand::EVENTS + services::EVENTS;

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
pub(crate) fn work(text: &str, plain: &str) {
    record(text, plain);
    describe(text, plain);
    let _ = (fails(text), debug_only(text), only_text(text));
    on_a_thread(text);
    capture_message(text.to_owned(), Level::Warning);
    capture_error(&Inner(text.to_owned()));
    operations::all(text, plain);
    by_hand::all(text, plain);
    services::all(text, plain);
    measured::all(text, plain);
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

/// Its name is part of what is said of a panic.
fn on_a_thread(text: &str) {
    let context = Context::current();
    let owned = text.to_owned();
    let thread = std::thread::Builder::new().name(text.to_owned());
    let thread = thread.spawn(move || context.run(|| panics(&owned))).expect("a thread");
    assert!(thread.join().is_err());
}

#[traced]
#[capture_errors(panics)]
fn panics(text: &str) {
    panic!("{text}");
}
