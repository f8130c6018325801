//! Errors of the crates that people use, without a word of which it is.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use monitor_runtime::record::Event;
use monitor_runtime::{MockBackend, capture_errors, traced};
use snafu::Snafu;

use crate::failure::Refused;

macro_rules! captured {
    ($type:ty, $error:expr) => {{
        #[capture_errors]
        fn fails() -> Result<(), $type> {
            Err($error)
        }
        let mock = MockBackend::install();
        assert!(fails().is_err());
        let events = mock.errors();
        assert_eq!(events.len(), 1);
        Event::clone(&events[0])
    }};
}

fn chain(event: &Event) -> Vec<String> {
    event.exceptions.iter().map(|error| format!("{}: {}", error.type_name, error.value)).collect()
}

#[derive(Debug, thiserror::Error)]
enum Thiserror {
    #[error("the file can't be read")]
    Read(#[from] std::io::Error),
}

#[derive(Debug, Snafu)]
#[snafu(display("no answer within {seconds} s"))]
struct Slow {
    seconds: u8,
    source: Refused,
}

fn not_found() -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::NotFound, "no such file")
}

#[test]
fn anyhow() {
    let event = captured!(anyhow::Error, anyhow::Error::new(Refused("db")).context("no user 7"));
    assert_eq!(chain(&event), ["Error: no user 7", "Refused: connection refused by db"]);
    let event = captured!(anyhow::Error, Refused("db").into());
    assert_eq!(chain(&event), ["Refused: connection refused by db"]);
    let event = captured!(anyhow::Error, anyhow::anyhow!("plain"));
    assert_eq!(chain(&event), ["Error: plain"]);
    // Its `Debug` is the text: the first word is no type.
    let event =
        captured!(anyhow::Error, anyhow::Context::context(None::<u8>, "Missing user").unwrap_err());
    assert_eq!(chain(&event), ["Error: Missing user"]);
    let event = captured!(Arc<anyhow::Error>, {
        Arc::new(anyhow::Error::new(Refused("db")).context("no user 7"))
    });
    assert_eq!(chain(&event), ["Error: no user 7", "Refused: connection refused by db"]);
    has_backtrace_where_those_are_on(&event, "any_error::anyhow");
}

/// Also where the compiler only knows that it is an error.
#[test]
fn the_span_says_which_error_ended_it() {
    #[traced]
    #[capture_errors]
    fn inner(error: Box<dyn Error>) -> Result<(), Box<dyn Error>> {
        Err(error)
    }
    #[traced]
    #[capture_errors]
    fn outer() -> anyhow::Result<()> {
        inner(Refused("db").into()).map_err(|error| anyhow::anyhow!("no user 7: {error}"))
    }
    let mock = MockBackend::install();
    assert!(outer().is_err());
    let type_of = |span: &str| {
        mock.span(span).attribute("error.type").and_then(|value| value.as_str().map(str::to_owned))
    };
    assert_eq!(type_of("inner").as_deref(), Some("Refused"));
    assert_eq!(type_of("outer").as_deref(), Some("Error"));
}

fn has_backtrace_where_those_are_on(event: &Event, function: &str) {
    let variable = ["RUST_LIB_BACKTRACE", "RUST_BACKTRACE"].iter().find_map(std::env::var_os);
    let frames = &event.exceptions[0].frames;
    let found = frames.iter().any(|frame| frame.in_app && frame.function.contains(function));
    assert_eq!(found, variable.is_some_and(|value| value != "0"), "{frames:?}");
}

#[test]
fn eyre() {
    let event = captured!(eyre::Report, eyre::Report::new(Refused("db")).wrap_err("no user 7"));
    assert_eq!(chain(&event).last().unwrap(), "Refused: connection refused by db");
    assert!(chain(&event)[0].ends_with(": no user 7"));
    let event = captured!(eyre::Report, Refused("db").into());
    assert_eq!(chain(&event), ["Refused: connection refused by db"]);
}

#[test]
fn thiserror_and_snafu() {
    let event = captured!(Thiserror, not_found().into());
    assert_eq!(chain(&event), ["Thiserror: the file can't be read", "Error: no such file"]);
    assert_eq!(event.exceptions[1].module.as_deref(), Some("std::io"));
    assert_eq!(event.context_value("error", "category").unwrap().as_str(), Some("io"));
    let event = captured!(Slow, Slow { seconds: 3, source: Refused("db") });
    let slow = ["Slow: no answer within 3 s", "Refused: connection refused by db"];
    assert_eq!(chain(&event), slow);
    let event = captured!(snafu::Whatever, {
        snafu::FromString::with_source(Refused("db").into(), "no user 7".into())
    });
    assert_eq!(chain(&event), ["Whatever: no user 7", "Refused: connection refused by db"]);
}

#[derive(Debug)]
struct Thin(&'static str);

impl fmt::Display for Thin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Thin {}

#[test]
fn pointers_to_an_error() {
    assert_eq!(chain(&captured!(Box<Thin>, Box::new(Thin("a")))), ["Thin: a"]);
    assert_eq!(chain(&captured!(Arc<Thin>, Arc::new(Thin("a")))), ["Thin: a"]);
    assert_eq!(chain(&captured!(&'static Thin, &Thin("a"))), ["Thin: a"]);
    assert_eq!(chain(&captured!(Arc<dyn Error + Send + Sync>, Arc::new(Thin("a")))), ["Thin: a"]);
    assert_eq!(chain(&captured!(Box<dyn Error>, Box::new(Thin("a")))), ["Thin: a"]);
    assert_eq!(chain(&captured!(Box<dyn Error + Send>, Box::new(Thin("a")))), ["Thin: a"]);
    assert_eq!(chain(&captured!(Box<dyn Error + Send + Sync>, "text".into())), ["Error: text"]);
    #[capture_errors]
    fn missing() -> Option<u8> {
        None
    }
    let mock = MockBackend::install();
    assert!(missing().is_none());
    assert_eq!(chain(&mock.errors()[0]), ["None: the call returned `None`"]);
}

/// The name is that of the type with which the function is called.
#[tokio::test]
async fn errors_of_generic_functions_and_of_traits() {
    #[capture_errors]
    fn of_error<E: Error>(error: E) -> Result<(), E> {
        Err(error)
    }
    #[capture_errors]
    fn of_debug<E: fmt::Debug>(error: E) -> Result<(), E> {
        Err(error)
    }
    #[capture_errors]
    fn of_anything<E>(error: E) -> Result<(), E> {
        Err(error)
    }
    #[capture_errors]
    async fn later<E: Error>(error: E) -> Result<(), E> {
        tokio::task::yield_now().await;
        Err(error)
    }
    trait Load {
        type Error: Error;
        fn load(&self) -> Result<(), Self::Error>;
        #[capture_errors]
        fn by_default(&self) -> Result<(), Self::Error> {
            self.load()
        }
    }
    struct Store;
    impl Load for Store {
        type Error = Thiserror;
        #[capture_errors]
        fn load(&self) -> Result<(), Thiserror> {
            Err(not_found().into())
        }
    }
    #[async_trait::async_trait]
    trait Fetch {
        async fn fetch(&self) -> Result<(), Thin>;
    }
    #[async_trait::async_trait]
    impl Fetch for Store {
        #[capture_errors]
        async fn fetch(&self) -> Result<(), Thin> {
            Err(Thin("fetch"))
        }
    }
    let mock = MockBackend::install();
    let _ = (of_error(Thin("a")), of_debug(Thin("b")), of_anything(Thin("c")));
    let _ = (later(Thin("d")).await, Store.by_default(), Store.fetch().await);
    let chains: Vec<_> = mock.errors().iter().map(|event| chain(event).remove(0)).collect();
    assert_eq!(
        chains,
        [
            "Thin: a",
            "Thin: Thin(\"b\")",
            "Thin: ",
            "Thin: d",
            "Thiserror: the file can't be read",
            "Thin: fetch",
        ]
    );
    let path: Vec<_> = mock.errors()[4].path.iter().map(|frame| frame.function).collect();
    assert_eq!(path, ["load", "by_default"]);
}

#[test]
fn a_report_is_one_event_with_more_context_at_each_level() {
    use anyhow::Context;

    #[traced]
    #[capture_errors]
    fn load() -> anyhow::Result<()> {
        Err(Refused("db")).context("load")
    }
    #[traced]
    #[capture_errors]
    fn handle() -> anyhow::Result<()> {
        load().context("handle")
    }
    #[traced]
    #[capture_errors]
    fn serve() -> Result<(), Box<dyn Error + Send + Sync>> {
        Ok(handle()?)
    }
    let mock = MockBackend::install();
    serve().unwrap_err();
    assert_eq!(mock.errors().len(), 1, "{}", mock.snapshot());
    assert_eq!(chain(&mock.errors()[0]), ["Error: load", "Refused: connection refused by db"]);
}

/// As long as a chain gets when each attempt wraps the last.
#[derive(Debug)]
struct Link(Option<Box<Self>>);

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("link")
    }
}

impl Error for Link {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_ref().map(|link| link.as_ref() as _)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut link) = next {
            next = link.0.take();
        }
    }
}

fn links() -> Link {
    (0..20_000).fold(Link(None), |inner, _| Link(Some(Box::new(inner))))
}

/// 10 MB of text.
#[derive(Debug)]
struct Huge;

impl fmt::Display for Huge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..10_000).try_for_each(|_| f.write_str(&"x".repeat(1000)))
    }
}

impl Error for Huge {}

/// Fails while it is shown, for as long as that goes on.
#[derive(Debug)]
struct Recursive;

impl fmt::Display for Recursive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        recursive().map_err(|_| fmt::Error).or(Ok(()))?;
        f.write_str("recursive")
    }
}

impl Error for Recursive {}

#[traced]
#[capture_errors]
fn recursive() -> Result<(), Recursive> {
    Err(Recursive)
}

/// Shows itself inside of itself, for ever.
#[derive(Debug)]
struct Mirror;

#[expect(clippy::recursive_format_impl, reason = "that is the test")]
impl fmt::Display for Mirror {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "x{self}")
    }
}

impl Error for Mirror {}

#[derive(Debug)]
struct Panicking;

impl fmt::Display for Panicking {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("as the test wants")
    }
}

impl Error for Panicking {}

#[test]
fn errors_that_hurt_whoever_shows_them_are_events() {
    let event = captured!(Mirror, Mirror);
    let text = &event.exceptions[0].value;
    assert!((100..=8192).contains(&text.len()) && text.starts_with("xxx"), "{}", text.len());
    let event = captured!(Panicking, Panicking);
    assert_eq!(chain(&event), ["Panicking: <panicked while formatting>"]);
}

#[test]
fn errors_without_an_end_are_bounded() {
    let event = captured!(Link, links());
    assert_eq!(event.exceptions.len(), 50);
    let event = captured!(Huge, Huge);
    assert_eq!(event.exceptions[0].value.len(), 8192);
    let mock = MockBackend::install();
    recursive().unwrap_err();
    assert_eq!(chain(&mock.errors()[0]), ["Recursive: recursive"]);
    assert_eq!(mock.errors().len(), 1);
}
