//! A margin of nothing.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "report", margin = 5)]
fn report() {}

fn main() {}
