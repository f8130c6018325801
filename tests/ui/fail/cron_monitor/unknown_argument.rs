//! An argument by another name.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "report", schedule = "@daily", checkin_margin = 5)]
fn report() {}

fn main() {}
