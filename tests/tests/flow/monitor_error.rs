//! `#[derive(MonitorError)]`: errors that say how they are to be reported.

use std::backtrace::Backtrace;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use monitor_runtime::record::Event;
use monitor_runtime::{
    Config, ErrorClass, Level, MockBackend, MonitorError, Severity, Status, Value, capture_error,
    capture_errors, register_error, traced,
};

use crate::failure::Refused;

#[derive(Debug, MonitorError)]
#[monitor(category = "payment", tags(component = "billing"))]
enum PaymentError {
    #[monitor(expected)]
    QuotaExceeded { user_id: u64 },
    #[monitor(
        severity = "critical",
        category = "provider",
        fingerprint = ["payment-failed", "{user_id}"],
        tags(user.id = user_id, component = "cards"),
        context(amount, currency = currency.to_lowercase()),
    )]
    Declined {
        user_id: u64,
        amount: f64,
        currency: String,
        #[monitor(sensitive)]
        card: String,
    },
    #[monitor(level = "warning", fingerprint = "{{ default }}-{0}")]
    Retried(#[monitor(tag = "attempt")] u32, #[monitor(context)] &'static str),
    #[monitor(transparent)]
    Database(DbError),
    #[monitor(sensitive)]
    Leaky(String),
}

#[derive(Debug, MonitorError)]
#[monitor(category = "database", severity = "low")]
struct DbError {
    #[monitor(context = "code")]
    number: u8,
    #[monitor(backtrace)]
    backtrace: Box<Backtrace>,
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "database error {}", self.number)
    }
}

impl Error for DbError {}

impl fmt::Display for PaymentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::QuotaExceeded { user_id } => write!(f, "quota of {user_id} exceeded"),
            Self::Declined { card, .. } => write!(f, "card {card} ({card:?}) declined"),
            Self::Retried(times, _) => write!(f, "gave up after {times}"),
            Self::Database(error) => error.fmt(f),
            Self::Leaky(text) => f.write_str(text),
        }
    }
}

impl Error for PaymentError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

#[traced(op = "payment.charge")]
#[capture_errors]
fn charge(error: PaymentError) -> Result<(), PaymentError> {
    Err(error)
}

fn captured(error: PaymentError) -> Arc<Event> {
    let mock = MockBackend::install();
    charge(error).unwrap_err();
    let [event] = <[_; 1]>::try_from(mock.events()).unwrap();
    event
}

fn context<'a>(event: &'a Event, key: &str) -> Option<&'a str> {
    event.context_value("error", key)?.as_str()
}

#[test]
fn a_variant_describes_its_event() {
    let (card, currency) = ("4111\n1111".to_owned(), "EUR".to_owned());
    let event = captured(PaymentError::Declined { user_id: 7, amount: 9.5, currency, card });
    assert_eq!(event.level, Level::Fatal, "of the severity");
    assert_eq!(event.fingerprint, ["payment-failed", "7"]);
    assert_eq!(event.tag("error.category"), Some("provider"));
    assert_eq!(event.tag("error.severity"), Some("critical"));
    assert_eq!(event.tag("user.id"), Some("7"));
    assert_eq!(event.tag("component"), Some("cards"), "the variant's goes first");
    assert_eq!(event.title(), "PaymentError: card [Filtered] (\"[Filtered]\") declined");
    assert_eq!(context(&event, "variant"), Some("Declined"));
    assert_eq!(context(&event, "category"), Some("provider"));
    assert_eq!(context(&event, "severity"), Some("critical"));
    assert_eq!(context(&event, "type"), Some("PaymentError"));
    assert!(context(&event, "module").unwrap().ends_with("monitor_error"));
    assert!(context(&event, "message").unwrap().contains("declined"));
    let custom = event.context_value("error", "custom_context").unwrap();
    let expected: Vec<_> =
        vec![("amount".into(), 9.5.into()), ("currency".into(), Value::from("eur"))];
    assert_eq!(custom, &Value::Map(expected));
    assert!(!format!("{event:?}").contains("4111"));
}

#[test]
fn what_the_enum_says_goes_for_its_variants() {
    let event = captured(PaymentError::Retried(3, "twice"));
    assert_eq!(event.level, Level::Warning);
    assert_eq!(event.fingerprint, ["{{ default }}-3"]);
    assert_eq!(event.tag("error.category"), Some("payment"));
    assert_eq!(event.tag("component"), Some("billing"));
    assert_eq!(event.tag("attempt"), Some("3"));
    assert_eq!(context(&event, "severity"), Some("medium"), "of the level");
    assert!(format!("{:?}", event.context("error")).contains("twice"));
}

#[test]
fn an_expected_error_is_a_breadcrumb_and_a_count() {
    let mock = MockBackend::install();
    for _ in 0..3 {
        charge(PaymentError::QuotaExceeded { user_id: 7 }).unwrap_err();
    }
    outer().unwrap_err();
    mock.assert_no_events();
    assert_eq!(mock.spans()[0].status, Status::Error);
    let counts = mock.expected_errors();
    assert_eq!(counts.len(), 1);
    assert_eq!(
        (counts[0].type_name.as_ref(), counts[0].variant),
        ("PaymentError", Some("QuotaExceeded"))
    );
    assert_eq!((counts[0].category.as_ref(), counts[0].count), ("payment", 4));
}

/// All of an enum are expected, but for one.
#[derive(Debug, MonitorError)]
#[monitor(expected)]
enum Command {
    Unknown,
    #[monitor(unexpected)]
    Broken,
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?} command")
    }
}

impl Error for Command {}

#[test]
fn a_variant_may_be_unexpected_among_expected_ones() {
    #[capture_errors]
    fn runs(error: Command) -> Result<(), Command> {
        Err(error)
    }
    let mock = MockBackend::install();
    assert!(runs(Command::Unknown).is_err() && runs(Command::Broken).is_err());
    assert_eq!(mock.event("Broken command").context_groups()[0], "error");
    assert_eq!(mock.events().len(), 1);
    assert_eq!(mock.expected_errors()[0].variant, Some("Unknown"));
}

#[traced]
#[capture_errors]
fn outer() -> Result<(), Box<dyn Error + Send + Sync>> {
    Ok(charge(PaymentError::QuotaExceeded { user_id: 8 })?)
}

#[traced]
fn goes_on() {
    charge(PaymentError::QuotaExceeded { user_id: 9 }).unwrap_err();
    charge(PaymentError::Retried(1, "")).unwrap_err();
}

#[traced]
#[capture_errors]
fn only_expected() -> Result<(), PaymentError> {
    Err(PaymentError::QuotaExceeded { user_id: 9 })
}

#[traced]
fn breadcrumbs() {
    only_expected().unwrap_err();
    capture_error(&Refused("db"));
}

#[test]
fn the_breadcrumb_goes_out_with_the_next_event() {
    let mock = MockBackend::install();
    breadcrumbs();
    let event = mock.event("refused by db");
    let crumbs: Vec<_> = event.scope.breadcrumbs().collect();
    // The breadcrumb is that of the span in which the expected error was returned.
    assert_eq!(crumbs.len(), 1);
    assert_eq!(crumbs[0].category, "error");
    assert_eq!(crumbs[0].message, "PaymentError: quota of 9 exceeded");
    goes_on();
    assert_eq!(mock.event("gave up").scope.breadcrumbs().count(), 1);
}

#[test]
fn a_transparent_variant_is_its_source() {
    let error = DbError { number: 5, backtrace: Box::new(Backtrace::force_capture()) };
    let event = captured(PaymentError::Database(error));
    assert_eq!(event.exceptions[0].type_name, "PaymentError");
    assert_eq!((event.level, event.tag("error.category")), (Level::Info, Some("database")));
    assert!(
        format!("{:?}", event.context("error")).contains("\"code\", I64(5)")
            || format!("{:?}", event.context("error")).contains("\"code\", U64(5)")
    );
    let frames = &event.exceptions[0].frames;
    let here = frames.iter().find(|frame| frame.function.contains("a_transparent_variant"));
    let here = here.unwrap_or_else(|| panic!("{frames:?}"));
    assert!(here.in_app && here.file.as_ref().unwrap().ends_with("monitor_error.rs"));
    assert!(frames.iter().any(|frame| !frame.in_app));
}

#[test]
fn a_sensitive_variant_has_no_text() {
    let event = captured(PaymentError::Leaky("hunter2".into()));
    assert_eq!(event.title(), "PaymentError: [Filtered]");
    assert!(!format!("{event:?}").contains("hunter2"));
}

#[capture_errors(level = "info", fingerprint = "mine", tags(component = "here"))]
fn described(error: PaymentError) -> Result<(), PaymentError> {
    Err(error)
}

#[test]
fn the_attribute_goes_before_the_error() {
    let mock = MockBackend::install();
    described(PaymentError::Retried(1, "")).unwrap_err();
    let event = mock.event("gave up");
    assert_eq!(event.level, Level::Info);
    assert_eq!(event.fingerprint, ["mine"]);
    assert_eq!(event.tag("component"), Some("here"));
    described(PaymentError::QuotaExceeded { user_id: 1 }).unwrap_err();
    assert_eq!(mock.events().len(), 1);
}

/// An error around another one, which says nothing of itself.
#[derive(Debug)]
struct Wrapper(PaymentError);

impl fmt::Display for Wrapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("wrapped")
    }
}

impl Error for Wrapper {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn a_registered_type_is_found_among_the_sources() {
    let mock = MockBackend::install();
    capture_error(&Wrapper(PaymentError::Retried(1, "")));
    assert_eq!(mock.event("wrapped").exceptions[1].type_name, "Retried");
    register_error::<PaymentError>();
    register_error::<PaymentError>();
    assert_eq!(capture_error(&Wrapper(PaymentError::QuotaExceeded { user_id: 1 })), None);
    capture_error(&Wrapper(PaymentError::Retried(2, "")));
    let event = &mock.events()[1];
    assert_eq!(event.exceptions[1].type_name, "PaymentError");
    assert_eq!(event.tag("error.category"), Some("payment"));
    assert_eq!(mock.expected_errors()[0].count, 1);
}

/// A class by hand that does what it shouldn't.
#[derive(Debug)]
struct Hostile;

impl fmt::Display for Hostile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("hostile")
    }
}

impl Error for Hostile {}

impl MonitorError for Hostile {
    fn monitor_class(&self) -> ErrorClass {
        charge(PaymentError::Retried(1, "")).unwrap_err();
        panic!("no class for you")
    }
}

#[capture_errors]
fn hostile() -> Result<(), Box<Hostile>> {
    Err(Box::new(Hostile))
}

#[test]
fn a_class_that_panics_is_none() {
    let mock = MockBackend::install();
    hostile().unwrap_err();
    assert_eq!(mock.event("Hostile: hostile").level, Level::Error);
    assert_eq!(mock.events().len(), 1, "what it captured itself isn't recorded");
}

#[test]
fn without_a_class_there_are_sensible_defaults() {
    #[traced(op = "db.query")]
    #[capture_errors]
    fn query() -> Result<(), Refused> {
        Err(Refused("db"))
    }
    #[capture_errors]
    fn parse() -> Result<u8, std::num::ParseIntError> {
        "x".parse()
    }
    #[capture_errors]
    fn read() -> std::io::Result<String> {
        std::fs::read_to_string("/nowhere/at/all")
    }
    let mock = MockBackend::install_with(Config::new());
    assert!(query().is_err() && parse().is_err() && read().is_err());
    let categories: Vec<_> =
        mock.events().iter().map(|event| context(event, "category").map(str::to_owned)).collect();
    assert_eq!(categories, ["database", "validation", "io"].map(|c| Some(c.to_owned())));
    let event = &mock.events()[0];
    assert_eq!((event.level, event.tag("error.category")), (Level::Error, None));
    assert_eq!(context(event, "severity"), Some(Severity::High.as_str()));
    let hash = context(event, "traceback_hash").unwrap();
    assert!(hash.len() == 16 && query().is_err());
    assert_eq!(context(mock.events().last().unwrap(), "traceback_hash"), Some(hash));
}

mod generic {
    use super::*;

    /// An error with parameters of every kind.
    #[derive(Debug, MonitorError)]
    #[monitor(tags(value = ?self.value, n = N), category = "generic")]
    struct Generic<'a, T: fmt::Debug, const N: usize>
    where
        T: Clone,
    {
        value: &'a T,
        #[monitor(context)]
        r#type: &'static str,
    }

    impl<T: fmt::Debug + Clone, const N: usize> fmt::Display for Generic<'_, T, N> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "generic {}", self.r#type)
        }
    }

    impl<T: fmt::Debug + Clone, const N: usize> Error for Generic<'_, T, N> {}

    #[capture_errors]
    fn fails(value: &u8) -> Result<(), Generic<'_, u8, 3>> {
        Err(Generic { value, r#type: "x" })
    }

    #[test]
    fn a_type_with_parameters_says_something_too() {
        let mock = MockBackend::install();
        fails(&5).unwrap_err();
        let event = mock.event("generic x");
        assert_eq!((event.tag("value"), event.tag("n")), (Some("5"), Some("3")));
        assert!(format!("{:?}", event.context("error")).contains("(\"type\", Text(\"x\"))"));
    }
}
