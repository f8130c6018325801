//! Errors whose type only shows inside of a box or a report.

use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use error_stack::Report;
use monitor_runtime::record::{Event, Exception};
use monitor_runtime::{
    MockBackend, MonitorError, capture_errors, register_error, register_error_type, traced,
};
use snafu::{IntoError, Snafu};

use crate::failure::{Refused, Unavailable};

macro_rules! captured {
    ($type:ty, $error:expr) => {{
        #[traced]
        #[capture_errors]
        fn fails() -> Result<(), $type> {
            Err($error)
        }
        let mock = MockBackend::install();
        assert!(fails().is_err());
        (mock.errors().first().map(|event| Event::clone(event)), mock.expected_errors())
    }};
}

macro_rules! event {
    ($type:ty, $error:expr) => {
        captured!($type, $error).0.expect("an event")
    };
}

fn chain(event: &Event) -> Vec<String> {
    event.exceptions.iter().map(|error| format!("{}: {}", error.type_name, error.value)).collect()
}

#[derive(Debug, thiserror::Error, MonitorError)]
enum Lookup {
    #[error("no order {0}")]
    #[monitor(expected)]
    Missing(u64),
    #[error("order {0} is locked by {1}")]
    #[monitor(category = "lock", fingerprint = "locked")]
    Locked(u64, #[monitor(sensitive)] &'static str),
}

const LOCKED: Lookup = Lookup::Locked(7, "hunter2");

#[track_caller]
fn is_locked(event: &Event) {
    assert_eq!(chain(event)[0], "Lookup: order 7 is locked by [Filtered]");
    assert_eq!(event.tag("error.category"), Some("lock"));
    assert_eq!(event.fingerprint, ["locked"]);
    assert!(!format!("{event:?}").contains("hunter2"));
}

#[test]
fn a_registered_type_is_found_in_boxes_and_reports() {
    register_error::<Lookup>();
    is_locked(&event!(anyhow::Error, LOCKED.into()));
    is_locked(&event!(eyre::Report, LOCKED.into()));
    is_locked(&event!(Arc<anyhow::Error>, Arc::new(LOCKED.into())));
    is_locked(&event!(Box<dyn Error>, LOCKED.into()));
    is_locked(&event!(Box<dyn Error + Send + Sync + 'static>, LOCKED.into()));
    let event = event!(anyhow::Error, anyhow::Error::new(LOCKED).context("more"));
    assert_eq!((event.tag("error.category"), event.exceptions.len()), (Some("lock"), 2));
    let (event, counts) = captured!(Box<dyn Error + Send + Sync>, Lookup::Missing(7).into());
    assert!(event.is_none());
    assert_eq!((counts[0].variant, counts[0].count), (Some("Missing"), 1));
    let (event, counts) = captured!(anyhow::Error, Lookup::Missing(7).into());
    assert_eq!((event.is_none(), counts[0].count), (true, 1));
}

#[tokio::test]
async fn also_where_the_call_takes_time() {
    register_error::<Lookup>();
    #[traced]
    #[capture_errors]
    async fn later() -> Result<(), Box<dyn Error + Send + Sync>> {
        tokio::task::yield_now().await;
        Err(LOCKED.into())
    }
    #[capture_errors]
    fn sometimes() -> Option<Result<(), Box<dyn Error>>> {
        Some(Err(LOCKED.into()))
    }
    let mock = MockBackend::install();
    assert!(later().await.is_err() && sometimes().is_some());
    mock.errors().iter().for_each(|event| is_locked(event));
    assert_eq!(mock.errors().len(), 2);
}

#[derive(Debug, thiserror::Error)]
enum Foreign {
    #[error("no rows")]
    NoRows,
}

/// Without a word the name is the variant's: nothing but `Debug` says anything.
#[test]
fn a_foreign_enum_has_its_name_once_it_is_registered() {
    #[derive(Debug, thiserror::Error)]
    #[error("can't load")]
    struct Load(#[from] Foreign);

    assert_eq!(chain(&event!(Load, Foreign::NoRows.into()))[1], "NoRows: no rows");
    register_error_type::<Foreign>();
    register_error_type::<Foreign>();
    let event = event!(Load, Foreign::NoRows.into());
    assert_eq!(chain(&event), ["Load: can't load", "Foreign: no rows"]);
    assert!(event.exceptions[1].module.as_deref().unwrap().ends_with("inside"));
    assert_eq!(chain(&event!(anyhow::Error, Foreign::NoRows.into())), ["Foreign: no rows"]);
    assert_eq!(chain(&event!(Box<dyn Error>, Foreign::NoRows.into())), ["Foreign: no rows"]);
}

#[test]
fn an_error_of_the_system_has_its_name_in_a_box() {
    let event = event!(Box<dyn Error>, std::io::Error::from_raw_os_error(2).into());
    assert_eq!(event.exceptions[0].type_name, "Error");
    assert_eq!(event.exceptions[0].module.as_deref(), Some("std::io"));
    assert_eq!(event.context_value("error", "category").unwrap().as_str(), Some("io"));
}

fn has_backtraces() -> bool {
    let variable = ["RUST_LIB_BACKTRACE", "RUST_BACKTRACE"].iter().find_map(std::env::var_os);
    variable.is_some_and(|value| value != "0")
}

/// Whether the backtrace begins here.
fn is_from_here(exception: &Exception) -> bool {
    let first = exception.frames.iter().find(|frame| frame.in_app);
    first.is_some_and(|frame| frame.file.as_deref().is_some_and(|f| f.ends_with("inside.rs")))
}

#[test]
fn a_report_of_error_stack_has_all_its_errors() {
    let event = event!(Report<Unavailable>, {
        let report = Report::new(std::io::Error::from_raw_os_error(2)).attach("the config");
        report.change_context(Refused("db")).change_context(Unavailable { source: Refused("x") })
    });
    assert_eq!(
        chain(&event)[..2],
        ["Unavailable: service unavailable", "Refused: connection refused by db"]
    );
    assert_eq!(event.exceptions[2].type_name, "Error");
    assert_eq!(event.exceptions[2].module.as_deref(), Some("std::io"));
    assert!(event.exceptions[0].module.as_deref().unwrap().ends_with("failure"));
    assert_eq!(is_from_here(&event.exceptions[2]), has_backtraces());
    is_locked(&event!(Report<Lookup>, Report::new(LOCKED)));
    let (event, counts) = captured!(Report<Lookup>, Report::new(Lookup::Missing(7)));
    assert_eq!((event.is_none(), counts[0].count), (true, 1));
}

#[derive(Debug, Snafu)]
#[snafu(display("no answer within {seconds} s"))]
struct Slow {
    seconds: u8,
    backtrace: Backtrace,
}

#[derive(Debug, Snafu)]
#[snafu(display("no user"))]
struct NoUser {
    source: Slow,
}

#[test]
fn a_backtrace_among_the_fields_is_found() {
    let event = event!(NoUser, NoUserSnafu.into_error(SlowSnafu { seconds: 3_u8 }.build()));
    assert_eq!(chain(&event), ["NoUser: no user", "Slow: no answer within 3 s"]);
    assert_eq!(event.exceptions[0].frames, []);
    assert_eq!(is_from_here(&event.exceptions[1]), has_backtraces());
}

/// A box that may borrow is of no known type; one that says so still compiles.
#[test]
fn a_box_that_borrows_is_read_as_well_as_it_can_be() {
    #[derive(Debug)]
    struct Unexpected<'a>(&'a str);
    impl fmt::Display for Unexpected<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "unexpected {}", self.0)
        }
    }
    impl Error for Unexpected<'_> {}
    type Outcome<'a> = Result<(), Box<dyn Error + 'a>>;

    #[capture_errors]
    fn parse(text: &str) -> Outcome<'_> {
        Err(Box::new(Unexpected(text)))
    }
    let mock = MockBackend::install();
    assert!(parse(&String::from("comma")).is_err());
    assert_eq!(chain(&mock.errors()[0]), ["Unexpected: unexpected comma"]);
}
