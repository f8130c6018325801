//! An hour that no day has.

use monitor_runtime::cron_monitor;

#[cron_monitor(slug = "report", schedule = "0 24 * * *")]
fn report() {}

fn main() {}
