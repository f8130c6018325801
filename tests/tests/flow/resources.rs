//! What the process takes of the machine, its pools, and which of its functions are instrumented.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use monitor_runtime::record::Event;
use monitor_runtime::{
    Breadcrumb, Config, Level, MockBackend, MockGuard, PoolContext, PoolStats, ResourceMonitor,
    ResourceUsage, Value, add_breadcrumb, capture_errors, capture_message, instrumented, testing,
    traced, with_scope,
};

use crate::failure::Refused;

const MB: u64 = 1024 * 1024;
const INTERVAL: Duration = Duration::from_secs(10);

/// Readings that a test sets.
#[derive(Clone)]
struct Readings(Arc<Mutex<Option<ResourceUsage>>>);

impl Readings {
    fn install(config: Config) -> (MockGuard, Self) {
        let readings = Self(Arc::new(Mutex::new(Some(ResourceUsage::new(0, 0.0)))));
        let shared = readings.clone();
        let monitor = ResourceMonitor::new().with_reader(move || *shared.0.lock().unwrap());
        (MockBackend::install_with(config.with_resource_monitor(monitor)), readings)
    }

    /// The next reading is this one, and it is taken.
    fn read(&self, mock: &MockBackend, bytes: u64, cpu_percent: f64) {
        *self.0.lock().unwrap() = Some(ResourceUsage::new(bytes, cpu_percent));
        testing::advance(INTERVAL);
        mock.events();
    }
}

fn crumbs(event: &Event) -> Vec<&str> {
    event.scope.breadcrumbs().map(|crumb| crumb.message.as_ref()).collect()
}

fn message(mock: &MockBackend, text: &'static str) -> Arc<Event> {
    capture_message(text, Level::Info);
    mock.event(text)
}

#[test]
fn usage_is_high_above_its_limits_and_not_at_them() {
    let (mock, readings) = Readings::install(Config::new());
    readings.read(&mock, 500 * MB, 80.0);
    assert!(message(&mock, "at the limits").scope.breadcrumbs().next().is_none());
    readings.read(&mock, 500 * MB + 1, 80.0);
    let event = message(&mock, "memory");
    let crumb = event.scope.breadcrumbs().next().unwrap();
    assert_eq!(crumb.message, "High resource usage detected");
    assert_eq!(crumb.level, Level::Warning);
    let value = |key| crumb.data.iter().find(|(k, _)| k == key).map(|(_, value)| value).unwrap();
    assert_eq!(value("rss_mb"), &Value::F64(500.0));
    assert_eq!(value("max_rss_mb"), &Value::U64(500));
    assert_eq!(value("cpu_percent"), &Value::F64(80.0));
    readings.read(&mock, 600 * MB, 80.0);
    assert_eq!(crumbs(&message(&mock, "still")).len(), 1, "it is said once");
    readings.read(&mock, 600 * MB, 80.1);
    assert_eq!(crumbs(&message(&mock, "both")).len(), 2);
    readings.read(&mock, 100 * MB, 80.1);
    readings.read(&mock, 100 * MB, 10.0);
    let high = "High resource usage detected";
    let expected = [high, high, "Resource usage is normal again"];
    assert_eq!(crumbs(&message(&mock, "over")), expected);
}

#[traced]
#[capture_errors]
fn fails() -> Result<(), Refused> {
    Err(Refused("example.org"))
}

#[test]
fn the_whole_process_hears_of_it_in_the_order_of_time() {
    let (mock, readings) = Readings::install(Config::new().with_max_breadcrumbs(3));
    let context = mock.context();
    let told = std::thread::scope(|threads| {
        let (begun, begin) = std::sync::mpsc::channel::<()>();
        let (ready, wait) = std::sync::mpsc::channel::<()>();
        let thread = threads.spawn(move || {
            let _entered = context.enter();
            add_breadcrumb(Breadcrumb::new("test", "before"));
            ready.send(()).unwrap();
            begin.recv().unwrap();
            testing_clock_follows();
            add_breadcrumb(Breadcrumb::new("test", "after"));
            let _ = fails();
        });
        wait.recv().unwrap();
        readings.read(&mock, 501 * MB, 0.0);
        begun.send(()).unwrap();
        thread.join().unwrap();
        mock.errors()
    });
    assert_eq!(crumbs(&told[0]), ["before", "High resource usage detected", "after"]);
    with_scope(|| {
        (0..3).for_each(|_| add_breadcrumb(Breadcrumb::new("test", "newer")));
        assert_eq!(crumbs(&message(&mock, "full")), ["newer"; 3], "the bound holds");
    });
}

/// The other thread's clock was not moved with the test's.
fn testing_clock_follows() {
    testing::advance(INTERVAL * 2);
}

#[test]
fn breadcrumbs_of_the_process_pass_the_hook() {
    let config = Config::new().with_before_breadcrumb(|_| None);
    let (mock, readings) = Readings::install(config);
    readings.read(&mock, 501 * MB, 0.0);
    assert!(crumbs(&message(&mock, "hooked")).is_empty());
}

#[test]
fn readings_are_gauges() {
    let (mock, readings) = Readings::install(Config::new().with_metrics(true));
    readings.read(&mock, 300 * MB, 25.0);
    let metrics = mock.metrics();
    let value = |name: &str| metrics.iter().find(|metric| metric.name == name)?.gauge();
    assert_eq!(value("process.memory.usage"), Some(300.0 * MB as f64));
    assert_eq!(value("process.cpu.utilization"), Some(0.25));
}

#[test]
#[cfg(target_os = "linux")]
fn the_system_is_read_without_a_reader() {
    let monitor = ResourceMonitor::new().with_max_rss_mb(0);
    let mock = MockBackend::install_with(Config::new().with_resource_monitor(monitor));
    testing::advance(INTERVAL);
    mock.events();
    assert_eq!(crumbs(&message(&mock, "real")), ["High resource usage detected"]);
}

#[traced(op = "db.query")]
fn query() {}

#[test]
fn errors_say_how_the_pool_is_doing() {
    let active = Arc::new(AtomicU64::new(7));
    let (first, second) = (Arc::clone(&active), Arc::clone(&active));
    let of = |active: &AtomicU64| PoolStats::with_idle(10, 10 - active.load(Ordering::Relaxed));
    let counted = move || of(&first).with_query_count(1234);
    let replica = PoolContext::new(move || of(&second)).with_name("replica");
    let config = Config::new().with_context_provider(PoolContext::new(counted));
    let mock = MockBackend::install_with(config.with_context_provider(replica));
    (0..3).for_each(|_| query());
    let _ = fails();
    active.store(10, Ordering::Relaxed);
    let _ = fails();
    let errors = mock.errors();
    let value = |at: usize, name, key| errors[at].context_value(name, key).unwrap().clone();
    assert_eq!(value(0, "database", "connection_pool_size"), Value::U64(10));
    assert_eq!(value(0, "database", "active_connections"), Value::U64(7));
    assert_eq!(value(0, "database", "query_count"), Value::U64(1234));
    assert_eq!(value(1, "database", "active_connections"), Value::U64(10));
    assert!(value(0, "replica", "query_count").as_f64().unwrap() >= 3.0, "counted by itself");
}

#[traced(op = "payment", name = "instrumented_payment")]
fn pay() {}

#[traced]
#[expect(dead_code, reason = "never called")]
fn never_called() {}

#[test]
fn what_has_run_is_listed_with_its_spans() {
    let mock = MockBackend::install();
    (0..5).for_each(|_| pay());
    assert_eq!(mock.spans().len(), 5);
    let found: Vec<_> =
        instrumented().filter(|f| f.callsite.name() == "instrumented_payment").collect();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].callsite.op(), found[0].spans), ("payment", 5));
    assert!(instrumented().all(|function| function.callsite.name() != "never_called"));
}
