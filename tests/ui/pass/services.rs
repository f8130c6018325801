//! Scheduled jobs and health checks, in every form that makes sense.
#![deny(warnings)]

use std::future::Future;

use monitor_runtime::{
    HealthRegistry, capture_errors, cron_monitor, health_check, task, traced,
};

#[cron_monitor(slug = "plain")]
fn plain() {}

#[cron_monitor(slug = "daily", schedule = "@daily")]
#[task]
async fn daily() -> Result<u8, std::fmt::Error> {
    Ok(1)
}

#[task(name = "below")]
#[cron_monitor(slug = "queue_worker-2", schedule = every(10, minutes), margin = 2, max_runtime = 8)]
fn often(count: &mut u32) -> Result<(), std::fmt::Error> {
    *count += 1;
    Ok(())
}

struct Jobs;

impl Jobs {
    #[cron_monitor(slug = "method", schedule = "*/5 0-6 1,15 jan-mar sun", timezone = "Etc/GMT+1")]
    fn run(&self) -> impl Future<Output = Option<u8>> {
        async { Some(1) }
    }
}

/// A check.
#[health_check(name = "database")]
#[traced]
#[capture_errors]
async fn database() -> Result<(), std::fmt::Error> {
    Ok(())
}

mod inside {
    #[monitor_runtime::health_check]
    pub(crate) fn disk() -> Option<String> {
        Some("12 GB".to_owned())
    }

    #[cfg(any())]
    #[monitor_runtime::health_check]
    pub fn never() {}
}

#[health_check]
fn r#async() -> impl Future<Output = bool> {
    async { true }
}

fn main() {
    plain();
    drop((daily(), Jobs.run(), database()));
    let mut count = 0;
    assert!(often(&mut count).is_ok() && count == 1);
    let registry = HealthRegistry::new()
        .with(database::check())
        .with(inside::disk::check())
        .with(r#async::check().with_timeout(std::time::Duration::from_secs(1)));
    assert!(registry.run_blocking().is_healthy());
}
