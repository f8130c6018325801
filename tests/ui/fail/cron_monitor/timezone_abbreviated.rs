//! A time zone by its abbreviation.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "report", schedule = "@daily", timezone = "CEST")]
fn report() {}

fn main() {}
