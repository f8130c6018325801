//! A step without a range.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "report", schedule = "20/3 * * * *")]
fn report() {}

fn main() {}
