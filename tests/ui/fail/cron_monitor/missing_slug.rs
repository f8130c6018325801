//! A job without a name.

use monitor_runtime::cron_monitor;

#[cron_monitor(schedule = "0 3 * * *")]
fn report() {}

fn main() {}
