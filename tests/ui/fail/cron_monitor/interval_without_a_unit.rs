//! An interval without a unit.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "report", schedule = every(30))]
fn report() {}

fn main() {}
