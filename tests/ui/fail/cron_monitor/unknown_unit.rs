//! An interval in seconds.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "report", schedule = every(30, seconds))]
fn report() {}

fn main() {}
