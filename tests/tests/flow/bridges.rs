//! What other crates log and trace, as breadcrumbs.

use std::sync::Mutex;

use log::{LevelFilter, Log, Metadata, Record};
use monitor_runtime::{
    BreadcrumbLayer, BreadcrumbLogger, Config, Level, MockBackend, Value, capture_message, traced,
};
use tracing_subscriber::layer::SubscriberExt;

/// The program's logger.
#[derive(Default)]
struct Kept(Mutex<Vec<String>>);

impl Log for &Kept {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= log::Level::Warn
    }

    fn log(&self, record: &Record<'_>) {
        self.0.lock().unwrap().push(record.args().to_string());
    }

    fn flush(&self) {}
}

fn log(logger: &dyn Log, level: log::Level, target: &str, message: &str) {
    if logger.enabled(&Metadata::builder().level(level).target(target).build()) {
        let mut record = Record::builder();
        logger.log(&record.level(level).target(target).args(format_args!("{message}")).build());
    }
}

#[traced]
fn handle(logger: &dyn Log) {
    log(logger, log::Level::Debug, "hyper::client", "connected");
    log(logger, log::Level::Debug, "sqlx::query", "SELECT * FROM users WHERE name = 'Ada'");
    log(logger, log::Level::Warn, "shop", "password=hunter2 is weak");
    log(logger, log::Level::Trace, "shop", "too much");
    log(logger, log::Level::Error, "monitor", "of ourselves");
    capture_message("afterwards", Level::Error);
}

#[test]
fn what_is_logged_is_on_the_next_event_and_goes_on_to_the_logger() {
    let mock = MockBackend::install();
    let kept = Kept::default();
    handle(&BreadcrumbLogger::new(&kept).with_level(LevelFilter::Debug));
    let event = mock.event("afterwards");
    let crumbs: Vec<_> =
        event.scope.breadcrumbs().map(|b| (&*b.category, &*b.message, b.level)).collect();
    assert_eq!(
        crumbs,
        [
            ("hyper::client", "connected", Level::Debug),
            ("query", "SELECT * FROM users WHERE name = ?", Level::Debug),
            ("shop", "password=[Filtered] is weak", Level::Warning),
        ]
    );
    let passed_on = kept.0.into_inner().unwrap();
    assert_eq!(passed_on, ["password=hunter2 is weak", "of ourselves"]);
}

#[test]
fn by_default_it_is_from_info_upwards() {
    let mock = MockBackend::install();
    let kept = Kept::default();
    handle(&BreadcrumbLogger::new(&kept));
    assert_eq!(mock.event("afterwards").scope.breadcrumbs().count(), 1);
}

#[test]
fn what_is_traced_is_on_the_next_event_with_its_fields() {
    #[traced]
    fn handle() {
        tracing::debug!("not kept");
        tracing::warn!(target: "pool", size = 10, busy = true, user = "ada", "no connection");
        tracing::info!(target: "sqlx::query", summary = "SELECT 7", rows_returned = 1);
        capture_message("afterwards", Level::Error);
    }
    let mock = MockBackend::install();
    let subscriber = tracing_subscriber::registry().with(BreadcrumbLayer::new());
    tracing::subscriber::with_default(subscriber, handle);
    let event = mock.event("afterwards");
    let crumbs: Vec<_> = event.scope.breadcrumbs().collect();
    assert_eq!(crumbs.len(), 2);
    assert_eq!((&*crumbs[0].category, &*crumbs[0].message), ("pool", "no connection"));
    assert_eq!(crumbs[0].level, Level::Warning);
    let data = [("size", Value::from(10)), ("busy", true.into()), ("user", "ada".into())];
    assert!(crumbs[0].data.iter().map(|(k, v)| (&**k, v)).eq(data.iter().map(|(k, v)| (*k, v))));
    assert_eq!((&*crumbs[1].category, &*crumbs[1].message), ("query", "SELECT ?"));
    assert_eq!(crumbs[1].data.len(), 1);
}

/// A hook that logs would be called for what it logs.
#[test]
fn what_a_hook_logs_is_left_out() {
    static LOGGER: BreadcrumbLogger<Nobody> = BreadcrumbLogger::new(Nobody);
    let config = Config::new().with_before_breadcrumb(|breadcrumb| {
        log(&LOGGER, log::Level::Error, "hook", "a breadcrumb comes");
        Some(breadcrumb)
    });
    let mock = MockBackend::install_with(config);
    log(&LOGGER, log::Level::Error, "shop", "once");
    log(&LOGGER, log::Level::Error, "shop", "twice");
    capture_message("afterwards", Level::Error);
    let event = mock.event("afterwards");
    let messages: Vec<_> = event.scope.breadcrumbs().map(|b| &*b.message).collect();
    assert_eq!(messages, ["once", "twice"]);
}

/// Where nobody monitors nothing is even formatted.
#[test]
fn without_monitoring_nothing_is_read() {
    struct Unread;
    impl std::fmt::Display for Unread {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("formatted")
        }
    }
    let mut record = Record::builder();
    let logger = BreadcrumbLogger::new(Nobody);
    logger.log(&record.level(log::Level::Error).args(format_args!("{Unread}")).build());
}

struct Nobody;

impl Log for Nobody {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        false
    }

    fn log(&self, _: &Record<'_>) {}

    fn flush(&self) {}
}
