//! A number as a schedule.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "report", schedule = 10)]
fn report() {}

fn main() {}
