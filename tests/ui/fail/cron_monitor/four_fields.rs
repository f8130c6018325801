//! A crontab that lacks a field.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "report", schedule = "0 3 * *")]
fn report() {}

fn main() {}
