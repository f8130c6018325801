//! What is counted and measured.

use std::time::Duration;

use monitor_runtime::record::{MetricKind, MetricValue};
use monitor_runtime::{
    Config, MockBackend, MockGuard, MonitorError, Scrubber, api_call, business_event,
    capture_errors, capture_message, command, count, db_query, distribution, gauge, metered,
    metrics, set_context, testing, timing, traced,
};

use crate::failure::Refused;

fn mock() -> MockGuard {
    MockBackend::install_with(Config::new().with_metrics(true))
}

#[test]
fn what_is_recorded_anywhere_is_one_sum() {
    let mock = mock();
    let threads = 8;
    std::thread::scope(|scope| {
        for thread in 0..threads {
            let context = mock.context();
            scope.spawn(move || {
                let _inside = context.enter();
                for _ in 0..1000 {
                    count!("orders.placed");
                    count!("rows.imported", 2_u32, table = "users", odd = thread % 2 == 1);
                }
                timing!("chat.response", Duration::from_millis(10 * (thread + 1)));
            });
        }
    });
    assert_eq!(mock.metric("orders.placed").value, MetricValue::Counter(8000));
    assert_eq!(mock.metric_with("rows.imported", &[("odd", "true")]).count(), 8000);
    assert_eq!(mock.metric_count("rows.imported"), 16_000);
    let timing = mock.metric("chat.response");
    assert_eq!(timing.unit.as_deref(), Some("millisecond"));
    let values = timing.distribution().unwrap();
    assert_eq!((values.count(), values.min(), values.max()), (8, 10.0, 80.0));
    assert!((values.sum() - 360.0).abs() < 1e-6);
    assert!((values.quantile(0.5) - 40.0).abs() < 1.0);
    mock.assert_no_loss();
}

#[test]
fn gauges_keep_the_last_value_and_numbers_of_any_type_are_taken() {
    let mock = mock();
    let queue = [1, 2, 3];
    gauge!("queue.depth", 9, queue = "mail");
    gauge!("queue.depth", queue.len(), queue = "mail");
    distribution!("upload.size", 512_u64, unit: "byte", "upload.kind" = "image");
    metrics::gauge("load", None, 0.5_f32, &[]);
    metrics::count("by.hand", 2, &[("plan", "pro".into())]);
    metrics::timing("waited", Duration::from_secs(1), &[]);
    assert_eq!(mock.metric("queue.depth").gauge(), Some(3.0));
    let size = mock.metric_with("upload.size", &[("upload.kind", "image")]);
    assert_eq!((size.kind(), size.unit.as_deref()), (MetricKind::Distribution, Some("byte")));
    assert_eq!(
        mock.metrics_snapshot(),
        "by.hand{plan=pro} 2\nload{} is 0.5\nqueue.depth{queue=mail} is 3\n\
         upload.size{upload.kind=image} measured 1 times\nwaited{} measured 1 times\n"
    );
}

#[test]
fn without_the_switch_nothing_is_recorded() {
    let mock = MockBackend::install();
    count!("orders.placed");
    place(false).unwrap();
    assert!(mock.metrics().is_empty());
}

#[test]
fn reports_come_once_a_minute() {
    let mock = mock();
    count!("orders.placed");
    testing::advance(Duration::from_secs(61));
    mock.events();
    count!("orders.placed", 4);
    let reports = mock.metrics();
    let counts: Vec<_> = reports.iter().map(monitor_runtime::record::Metric::count).collect();
    assert_eq!(counts, [1, 4]);
    let first = &reports[0];
    assert!(first.timestamp.duration_since(first.since).unwrap() >= Duration::from_secs(60));
    assert_eq!(mock.metric("orders.placed").count(), 5);
}

#[test]
fn a_million_values_of_an_attribute_are_a_hundred_series_and_the_rest() {
    let mock = mock();
    for user in 0..1_000_000_u64 {
        count!("logins", user_id = user);
    }
    let metrics = mock.metrics();
    assert_eq!(metrics.iter().map(monitor_runtime::record::Metric::count).sum::<u64>(), 1_000_000);
    let of_one_report = metrics.iter().filter(|metric| metric.name == "logins").count();
    assert!(of_one_report <= 101, "{of_one_report}");
    let rest = mock.metric_with("logins", &[("otel.metric.overflow", "true")]);
    assert_eq!(rest.count(), 1_000_000 - 100);
    assert_eq!(mock.loss().metric_overflow, 1_000_000 - 100);
    mock.assert_no_loss();

    let mock =
        MockBackend::install_with(Config::new().with_metrics(true).with_max_attribute_sets(1));
    count!("logins", plan = "pro");
    count!("logins", plan = "free");
    assert_eq!(mock.metric_with("logins", &[("otel.metric.overflow", "true")]).count(), 1);
}

#[test]
fn what_is_no_number_is_counted_as_lost() {
    let mock = mock();
    gauge!("ratio", f64::NAN);
    distribution!("ratio", f64::INFINITY);
    count!("kept", -5);
    assert_eq!(mock.metric_count("kept"), 0);
    assert_eq!(mock.loss().metrics, 2);
    assert!(mock.metrics().iter().all(|metric| metric.name != "ratio"));
}

#[test]
fn secrets_in_attributes_become_one() {
    let config = Config::new()
        .with_metrics(true)
        .with_scrubber(Scrubber::new().with_denied_key("member_code"));
    let mock = MockBackend::install_with(config);
    for code in ["a", "b", "c"] {
        count!("joined", member_code = code);
        count!("mails", to = format!("{code}@example.org"));
    }
    metrics::count("key sk_live_4eC39HqLyjWDarjtT1zdp7dc", 1, &[("password", "x".into())]);
    assert_eq!(mock.metric_with("joined", &[("member_code", "[Filtered]")]).count(), 3);
    assert_eq!(mock.metric_with("mails", &[("to", "[Filtered]")]).count(), 3);
    let all = mock.metrics_snapshot();
    assert!(!all.contains("sk_live") && !all.contains("@example"), "{all}");
}

#[test]
fn where_users_are_asked_nothing_about_them_stays() {
    let config = Config::new().with_metrics(true).with_consent(|_| true);
    let mock = MockBackend::install_with(config);
    count!("orders.placed", user_id = 7, plan = "pro");
    assert_eq!(mock.metrics_snapshot(), "orders.placed{plan=pro} 1\n");
}

#[metered(name = "checkout")]
fn place(fails: bool) -> Result<u32, Refused> {
    testing::advance(Duration::from_millis(250));
    if fails { Err(Refused("card")) } else { Ok(1) }
}

#[metered]
#[traced]
async fn fetched() -> u32 {
    tokio::task::yield_now().await;
    7
}

#[tokio::test]
async fn metered_functions_are_counted_and_timed_whatever_is_sampled() {
    let config = Config::new().with_metrics(true).with_traces_sample_rate(0.0);
    let mock = MockBackend::install_with(config);
    place(false).unwrap();
    place(false).unwrap();
    place(true).unwrap_err();
    assert_eq!(fetched().await, 7);
    drop(fetched());
    let mut never_ready = Box::pin(fetched());
    let mut poll = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(never_ready.as_mut().poll(&mut poll).is_pending());
    drop(never_ready);
    assert!(mock.transactions().is_empty());
    assert_eq!(mock.metric_with("checkout.calls", &[("status", "ok")]).count(), 2);
    assert_eq!(mock.metric_with("checkout.calls", &[("status", "error")]).count(), 1);
    let duration = mock.metric_with("checkout.duration", &[("status", "ok")]);
    assert!(duration.distribution().unwrap().min() >= 250.0);
    assert_eq!(mock.metric_with("fetched.calls", &[("status", "ok")]).count(), 1);
    assert_eq!(mock.metric_with("fetched.calls", &[("status", "cancelled")]).count(), 1);
}

#[db_query(operation = "select", table = table)]
fn rows(table: &str, fails: bool) -> Result<(), Refused> {
    if fails { Err(Refused("db")) } else { Ok(()) }
}

struct Response(u16);

#[api_call(service = "stripe", endpoint = "/v1/charges", status = |r| r.0)]
fn charge(code: u16) -> Result<Response, Refused> {
    if code == 0 { Err(Refused("connection")) } else { Ok(Response(code)) }
}

#[command(kind = "slash", group = "moderation")]
fn ban(fails: bool) -> Result<(), Refused> {
    testing::advance(Duration::from_millis(20));
    if fails { Err(Refused("ban")) } else { Ok(()) }
}

#[test]
fn presets_have_metrics_of_their_own() {
    for rate in [1.0, 0.0] {
        let config = Config::new().with_metrics(true).with_traces_sample_rate(rate);
        let mock = MockBackend::install_with(config);
        rows("users", false).unwrap();
        rows("users", true).unwrap_err();
        rows("orders", false).unwrap();
        for code in [200, 200, 503] {
            charge(code).unwrap();
        }
        assert!(charge(0).is_err());
        ban(false).unwrap();
        set_context("guild", [("id", "42")]);
        ban(true).unwrap_err();
        let metrics = mock.metrics_snapshot();
        let counted: Vec<_> = metrics.lines().filter(|line| !line.starts_with("error")).collect();
        assert_eq!(
            counted,
            [
                "commands.duration{command_name=ban} measured 2 times",
                "commands.executed{cog_name=moderation, command_name=ban, command_type=slash, success=false} 1",
                "commands.executed{cog_name=moderation, command_name=ban, command_type=slash, success=true} 1",
                "database.duration{operation=select, table=orders} measured 1 times",
                "database.duration{operation=select, table=users} measured 2 times",
                "database.operations{operation=select, success=false, table=users} 1",
                "database.operations{operation=select, success=true, table=orders} 1",
                "database.operations{operation=select, success=true, table=users} 1",
                "external_api.calls{endpoint=/v1/charges, service=stripe, status_code=200, success=true} 2",
                "external_api.calls{endpoint=/v1/charges, service=stripe, status_code=503, success=false} 1",
                "external_api.calls{endpoint=/v1/charges, service=stripe, success=false} 1",
                "external_api.duration{endpoint=/v1/charges, service=stripe} measured 4 times",
                "user_activity{activity_type=command, guild_id=42} 1",
                "user_activity{activity_type=command, guild_id=dm} 1",
            ],
            "{metrics}"
        );
    }
}

#[derive(Debug, MonitorError)]
#[monitor(category = "payment", severity = "high")]
enum PayError {
    Declined,
    #[monitor(expected)]
    TooLate,
}

impl std::fmt::Display for PayError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for PayError {}

#[capture_errors]
fn pay(late: bool) -> Result<(), PayError> {
    Err(if late { PayError::TooLate } else { PayError::Declined })
}

#[test]
fn errors_are_counted_by_what_they_are() {
    let config = Config::new().with_metrics(true).with_max_events_per_callsite(2);
    let mock = MockBackend::install_with(config);
    for _ in 0..5 {
        pay(false).unwrap_err();
    }
    pay(true).unwrap_err();
    ban(true).unwrap_err();
    capture_message("no error", monitor_runtime::Level::Info);
    assert_eq!(mock.metric_count("errors.total"), 6, "also those that the limit leaves out");
    let kind = [("error_type", "PayError"), ("error_category", "payment"), ("severity", "high")];
    assert_eq!(mock.metric_with("errors.total", &kind).count(), 2);
    let command = [("command_type", "slash"), ("cog_name", "moderation")];
    assert_eq!(mock.metric_with("errors.total", &command).count(), 1);
    assert_eq!(mock.metric_with("errors.expected", &[("variant", "TooLate")]).count(), 1);
    assert_eq!(mock.metric("errors.rate").gauge(), Some(6.0));
    let handled = mock.metric("error_handling.duration");
    assert_eq!(handled.distribution().unwrap().count(), 4, "without those that were left out");
    testing::advance(Duration::from_secs(59));
    pay(false).unwrap_err();
    assert_eq!(mock.metric("errors.rate").gauge(), Some(7.0));
    testing::advance(Duration::from_secs(2));
    assert_eq!(mock.metric("errors.rate").gauge(), Some(1.0));
}

#[test]
fn business_events_are_counted_and_leave_a_breadcrumb() {
    let mock = mock();
    business_event!("subscription_started", plan = "pro");
    monitor_runtime::capture_error(&Refused("later"));
    assert_eq!(mock.metric_with("business.subscription_started", &[("plan", "pro")]).count(), 1);
    let event = mock.event("later");
    let crumb = event.scope.breadcrumbs().next().unwrap();
    assert_eq!(
        (crumb.category.as_ref(), crumb.message.as_ref()),
        ("business", "subscription_started")
    );
    assert_eq!(crumb.data, [("plan".into(), "pro".into())]);
}

#[test]
fn threads_that_end_lose_nothing() {
    let mock = mock();
    for _ in 0..50 {
        let context = mock.context();
        std::thread::spawn(move || {
            let _inside = context.enter();
            count!("by.threads", 2);
        })
        .join()
        .unwrap();
    }
    assert_eq!(mock.metric("by.threads").count(), 100);
}

#[test]
fn the_metrics_crate_records_here() {
    let mock = mock();
    let recorder = metrics::Recorder::new();
    ::metrics::with_local_recorder(&recorder, || {
        ::metrics::describe_histogram!("upload", ::metrics::Unit::Bytes, "how much");
        for _ in 0..3 {
            ::metrics::counter!("orders", "plan" => "pro").increment(2);
            ::metrics::gauge!("open").increment(1.0);
        }
        ::metrics::gauge!("open").decrement(0.5);
        ::metrics::counter!("seen").absolute(10);
        ::metrics::counter!("seen").absolute(7);
        ::metrics::counter!("seen").absolute(12);
        ::metrics::histogram!("upload").record(512.0);
    });
    assert_eq!(mock.metric_with("orders", &[("plan", "pro")]).count(), 6);
    assert_eq!(mock.metric("open").gauge(), Some(2.5));
    assert_eq!(mock.metric("seen").count(), 12);
    let upload = mock.metric("upload");
    assert_eq!(upload.unit.as_deref(), Some("byte"));
    assert_eq!(upload.distribution().unwrap().max(), 512.0);
}
