//! A margin of more than 28 days.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "report", schedule = "@daily", margin = 50000)]
fn report() {}

fn main() {}
