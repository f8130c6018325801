//! A program that runs jobs on a schedule, with check-ins, health checks, an event bus and a user who
//! comes too often. `cargo run --example worker`

use std::error::Error;
use std::fmt;
use std::time::Duration;

use monitor_runtime::{
    BusEvent, BusMonitor, Config, HealthCheck, HealthRegistry, Monitor, cron_monitor, health_check,
    observe_broadcast, rate_limit_exceeded, start_check_in, task,
};
use tokio::sync::broadcast;

#[derive(Debug)]
struct NoConnection;

impl fmt::Display for NoConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection refused")
    }
}

impl Error for NoConnection {}

/// Says when it begins and how it ended; an `Err`, a panic and a dropped future are failures.
#[cron_monitor(
    slug = "nightly-cleanup",
    schedule = "0 3 * * *",
    timezone = "Europe/Berlin",
    max_runtime = 30
)]
#[task(name = "cleanup")]
async fn clean_up(connected: bool) -> Result<u64, NoConnection> {
    tokio::time::sleep(Duration::from_millis(5)).await;
    if !connected {
        return Err(NoConnection);
    }
    monitor_runtime::current_span().set("deleted_records", 7);
    Ok(7)
}

#[health_check(name = "database")]
async fn database() -> Result<(), NoConnection> {
    Err(NoConnection)
}

/// The checks, as a job of their own.
#[cron_monitor(slug = "health", schedule = every(1, minutes))]
async fn check_health(registry: &HealthRegistry) -> Result<(), String> {
    let report = registry.run().await;
    println!("{}", report.to_json());
    if report.is_healthy() { Ok(()) } else { Err(report.to_string()) }
}

/// A job whose begin and end are no function's.
fn import(files: &[&str]) -> Result<(), NoConnection> {
    let run = start_check_in(Monitor::new("import").with_crontab("@hourly"));
    for file in files {
        // Without `run.ok()` it has failed.
        if file.is_empty() {
            Err(NoConnection)?;
        }
    }
    run.ok();
    Ok(())
}

#[derive(Clone)]
struct Happened(&'static str);

impl BusEvent for Happened {
    fn event_type(&self) -> &str {
        self.0
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let _guard = monitor_runtime::init(Config::from_env()?)?;
    clean_up(true).await?;
    let _ = clean_up(false).await;
    let _ = import(&["a.csv", ""]);

    let registry = HealthRegistry::new()
        .with_timeout(Duration::from_millis(200))
        .with(database::check())
        .with(HealthCheck::future("ai provider", std::future::pending::<()>))
        .with(HealthCheck::blocking("disk", || "12 GB free"));
    if let Err(report) = check_health(&registry).await {
        println!("{report}");
    }

    let (bus, receiver) = broadcast::channel(64);
    let observer = tokio::spawn(observe_broadcast(receiver, BusMonitor::new()));
    for event_type in ["order.created", "ai.completed", "payment.error"] {
        bus.send(Happened(event_type)).map_err(|_| "nobody listens")?;
    }
    drop(bus);
    observer.await?;

    rate_limit_exceeded(42, "/v1/chat", 100, Duration::from_secs(60));
    Ok(())
}
