//! A slug with characters that Sentry doesn't take.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "Nightly report")]
fn report() {}

fn main() {}
